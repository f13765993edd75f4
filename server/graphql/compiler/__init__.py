"""Compiled completion: selections of plain fields become Python functions (decision 25)."""
