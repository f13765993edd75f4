"""Credentials: bearer tokens, passwords, keys, the identity provider, and what a revocation ends."""
