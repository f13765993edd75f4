"""The limit: an ASGI application of nothing but what must be, with statements written by hand."""
