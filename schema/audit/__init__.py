"""The audit log: its events, and how far they are sealed."""
