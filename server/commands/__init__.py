"""One file for each group of commands; server/cli.py gives them their names.

A command tells on standard output what it does, opens the database (server/runtime.py) and calls verbs of the domain.
"""
