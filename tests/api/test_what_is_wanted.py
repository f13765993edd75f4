"""What a selection shows around its subjects is fetched for it: no field of a person or a team is forgotten."""

from graphql import GraphQLObjectType, get_named_type

from schema import info
from schema.root import build

# Here the user is the subject itself, or is found by the resolver whatever is selected.
SUBJECTS = {"Query", "Mutation", "Viewer", "SignInPayload", "AcceptInvitationPayload", "Member", "Team", "App"}


def test_every_field_that_shows_a_person_or_a_team_has_its_names_fetched() -> None:
    types = build()._schema.type_map.values()

    showing = {
        name
        for type_ in types
        if isinstance(type_, GraphQLObjectType) and type_.name not in SUBJECTS
        for name, field in type_.fields.items()
        if get_named_type(field.type).name in {"User", "Team"}
    }

    assert {"owner", "team", "enteredBy", "leftBy", "createdBy", "grantedBy", "user"} <= showing
    assert showing - info._PEOPLE == set()
    assert "cardProperties" in info._PEOPLE  # they tell the owner and the team by name
