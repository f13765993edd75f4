"""The HTTP server: sockets, processes, the protocol and its bounds, health."""
