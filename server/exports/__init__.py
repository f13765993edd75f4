"""Exports over HTTP: lists that are too long for one answer, as CSV for those who may read them (B18, B22)."""

from server.exports.endpoint import routes

__all__ = ["routes"]
