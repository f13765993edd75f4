"""Which unit of work, which find, which verb: one function per query and mutation, the same feature names as in
domain/.

Resolvers take plain values and return what was found; they hold no rule and know no GraphQL.
"""
