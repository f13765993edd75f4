"""Accounts, their users and teams, and how users sign in: types, queries and mutations."""
