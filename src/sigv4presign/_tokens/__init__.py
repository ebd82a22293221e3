"""The recipes of `tokens`, a module a kind of service."""
