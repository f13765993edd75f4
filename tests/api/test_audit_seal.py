"""auditSeal: how far the audit log is sealed, for viewers of the log (B18)."""

import pytest

from policies import Role
from tests.support.client import Api
from tests.support.operations import Query
from tests.support.world import World

OPERATION = Query(example=lambda _: {}, budget=3, selects="lastNumber digest waiting head { signature }")

SEAL = "{ auditSeal { lastNumber digest waiting head { signature } } }"


async def test_before_the_first_seal_nothing_is_signed(api: Api, world: World) -> None:
    seal = (await (await api.client(world)).run(SEAL))["auditSeal"]

    assert (seal["lastNumber"], seal["digest"], seal["head"]) == (None, None, None)
    assert seal["waiting"] > 0


@pytest.mark.parametrize("role", [Role.SETTINGS_EDITOR, Role.WORKFLOW_EDITOR, Role.AGENT, Role.VIEWER])
async def test_other_viewers_get_null(api: Api, world: World, role: Role) -> None:
    assert (await (await api.client(world, role)).run(SEAL))["auditSeal"] is None
