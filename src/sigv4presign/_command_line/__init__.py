"""The command line, a module for each command; `__main__` puts them together."""
