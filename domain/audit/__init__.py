"""Audit: the log of every change of configuration and access, sealed so that nobody can change it unseen."""
