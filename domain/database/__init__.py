"""The tables of the domain and how statements reach them: models, transactions, prepared and bulk statements."""
