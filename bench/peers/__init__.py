"""Who is measured: the product, and others that answer the same questions from the same tables."""
