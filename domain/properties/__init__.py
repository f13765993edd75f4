"""Ticket properties: which there are, built-in and an account's own."""

from domain.properties.definitions import (
    LONGEST_VALUE,
    check_names,
    check_values,
    define_properties,
    labels_of,
    list_properties,
)
from domain.properties.property import BUILT_IN_LABELS, BuiltIn, Property

__all__ = [
    "BUILT_IN_LABELS",
    "LONGEST_VALUE",
    "BuiltIn",
    "Property",
    "check_names",
    "check_values",
    "define_properties",
    "labels_of",
    "list_properties",
]
