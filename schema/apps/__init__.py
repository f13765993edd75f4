"""API apps: the schema of programs that act in an account as themselves (B32)."""
