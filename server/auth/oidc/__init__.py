"""Signing in by an OpenID provider: what is asked of it, and what is believed (decision 23).

Nothing of a sign-in is kept here: what must come back unchanged is sealed, and the client holds it.
"""
