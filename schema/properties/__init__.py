"""Properties of tickets as clients see them."""
