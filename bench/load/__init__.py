"""Putting load on a server, and reading what it cost."""
