"""The child: Open Interpreter and the languages; nothing here may import the rest of the program."""
