"""An Ollama-compatible server over llama.cpp, for a machine without an Ollama."""
