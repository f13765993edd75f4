"""The schema of access: modes and grants of pipelines, explanations of decisions, and the review of it all."""
