"""Tickets and boards: types, inputs, payloads, queries and mutations."""
