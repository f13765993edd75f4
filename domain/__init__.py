"""What happens, and when it is refused.

Kernel files (model, tables, actor, errors, event, unit_of_work, authorizing, rank, page, reference, naming, loading,
replay, journal) serve every feature. Each feature folder holds its nouns (tables) and verbs (module-level functions);
its `__init__` is its table of contents.
"""
