"""Strawberry as its documentation shows it: types with resolvers, an ORM, and DataLoaders for what lies below a list."""
