"""GraphQL over HTTP: endpoint.py says what happens in which order, and each page beside it answers one question.

receiving, parameters and negotiation read the request; documents, structure, literals and cost the document; admission
and execution run it; masking, failing and answering make the response. Cursors and GraphiQL stand apart.
"""
