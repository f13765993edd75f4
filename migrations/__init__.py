"""How the tables came to be: revisions in order, and the walls that every one of them puts up."""
