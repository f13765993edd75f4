"""What is measured on: accounts full of tickets in an embedded PostgreSQL, made once and kept."""
