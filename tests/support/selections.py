"""Selections that many tests ask for: what a client that draws a board, a ticket or a list of apps would select."""

PIPELINE = "id label stages { id label state } card { name label } viewerCan { edit { allowed code } }"
TICKET = """id key subject priority stage { id label } owner { id name } team { id name }
cardProperties { name label value } viewerCan { edit { allowed code } }"""
CARDS = f"edges {{ cursor node {{ {TICKET} }} }} pageInfo {{ hasNextPage endCursor }}"
APP = "name permissions reach pipelines { id label } state sponsor { name } secrets { id state lastUsedAt }"
MEMBER = "state revision teams { name }"
ROLE = "name permissions"
TEAM = "id name members { name }"

# The database can render the first of these as JSON, and not the second.
RENDERED_CARD = "id key subject priority stage { id label } owner { id name }"
CARD = f"{RENDERED_CARD} cardProperties {{ name label value }}"
