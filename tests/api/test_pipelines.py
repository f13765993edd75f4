"""pipelines: everything that the viewer sees, in the account's order (S10)."""

from datetime import datetime

from domain.access import AccessMode
from domain.reference import Ref
from policies import Role
from schema.ids import Kind, global_id
from tests.support import actions
from tests.support.client import Api
from tests.support.ids import gid
from tests.support.operations import Query
from tests.support.selections import PIPELINE
from tests.support.world import World

OPERATION = Query(
    example=lambda _: {},
    budget=1,
    selects=PIPELINE,
)


async def test_an_account_is_born_with_its_support_pipeline(api: Api, world: World) -> None:
    client = await api.client(world, Role.VIEWER)

    (pipeline,) = (
        await client.run(
            """{ pipelines { id internalName label isDefault revision createdAt card { name label }
            stages { internalName label state position pipelineId revision } access { mode } } }"""
        )
    )["pipelines"]

    support = gid(await world.pipeline())
    stages = [("new", "New"), ("waiting_on_contact", "Waiting on contact"), ("waiting_on_us", "Waiting on us")]
    assert datetime.fromisoformat(pipeline.pop("createdAt")).utcoffset() is not None
    assert pipeline == {
        "id": support,
        "internalName": "support",
        "label": "Support Pipeline",
        "isDefault": True,
        "revision": 1,
        "card": [
            {"name": "key", "label": "Key"},
            {"name": "priority", "label": "Priority"},
            {"name": "created_at", "label": "Created"},
        ],
        "stages": [
            {
                "internalName": name,
                "label": label,
                "state": "CLOSED" if name == "closed" else "OPEN",
                "position": place,
                "pipelineId": support,
                "revision": 1,
            }
            for place, (name, label) in enumerate([*stages, ("closed", "Closed")], start=1)
        ],
        "access": None,
    }


async def test_pipelines_are_in_the_accounts_order_and_hidden_ones_left_out(api: Api, world: World) -> None:
    made = [await actions.create_pipeline(world, label) for label in ("First", "Second", "Third")]
    order = [Ref(id=made[2]), Ref(id=made[0]), Ref(internal_name="support"), Ref(id=made[1])]
    await actions.reorder_pipelines(world, order)
    await actions.set_access(world, await world.pipeline(Ref(id=made[0])), AccessMode.PRIVATE)

    seen = (await (await api.client(world, Role.VIEWER)).run("{ pipelines { label } }"))["pipelines"]
    everything = (await (await api.client(world)).run("{ pipelines { id } }"))["pipelines"]

    assert [each["label"] for each in seen] == ["Third", "Support Pipeline", "Second"]
    assert [each["id"] for each in everything] == [
        global_id(Kind.PIPELINE, ref.id) if ref.id else gid(await world.pipeline()) for ref in order
    ]


async def test_who_sees_none_gets_an_empty_list(api: Api, world: World) -> None:
    await actions.set_access(world, await world.pipeline(), AccessMode.PRIVATE)

    assert await (await api.client(world, Role.VIEWER)).run("{ pipelines { id } }") == {"pipelines": []}
