"""People: who is invited, joins and leaves, which roles and scopes they have, and their teams."""

from domain.people.invitation import Invitation

__all__ = ["Invitation"]
