"""What a client may say, and what it hears back: the GraphQL types, inputs, payloads and root fields.

Root fields turn inputs into plain values, call one resolver, and shape what it returns; types hold plain attributes, so
that nothing below a root waits. `schema.graphql` is the printed contract.
"""
