"""Boards as clients see them: stages with their counts and cards."""
