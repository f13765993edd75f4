"""Pipelines, stages and the access to them: types, inputs, payloads, queries and mutations."""
