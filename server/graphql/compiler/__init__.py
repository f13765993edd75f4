"""Compiled completion: code made for the selection of an operation (decision 25)."""
