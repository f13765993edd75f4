"""Ticket properties: which there are, built-in and an account's own."""

from domain.properties.defining import check_names, check_values, define_properties, list_properties
from domain.properties.property import BUILT_IN_LABELS, BuiltIn, Property

__all__ = [
    "BUILT_IN_LABELS",
    "BuiltIn",
    "Property",
    "check_names",
    "check_values",
    "define_properties",
    "list_properties",
]
