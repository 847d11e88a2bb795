"""Model-written code, run by Open Interpreter inside a jail, in a process of its own."""
