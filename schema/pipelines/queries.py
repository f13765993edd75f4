"""Root fields that find pipelines."""

from typing import Annotated

import strawberry
from strawberry import ID, argument

from domain.reference import Ref
from resolvers import pipelines as resolvers
from schema.errors import BadInput
from schema.ids import Kind, uuid_of
from schema.info import Info, includes_of
from schema.pipelines.pipeline_payload import view_pipeline
from schema.pipelines.types import Pipeline, pipeline_of
from schema.presenter import Presenter
from schema.results import or_null


@strawberry.type
class PipelineQuery:
    """Queries about pipelines."""

    @strawberry.field(description="Every pipeline that the viewer sees, in the account's order.")
    async def pipelines(self, info: Info) -> list[Pipeline]:
        """All visible pipelines (S10)."""
        view = await resolvers.list_pipelines(info.context, includes_of(info))
        presenter = Presenter(view.related)
        return [pipeline_of(pipeline.id, presenter) for pipeline in view.pipelines]

    @strawberry.field(description="One pipeline, by exactly one of both names; null when there is none for the viewer.")
    async def pipeline(
        self,
        info: Info,
        id: Annotated[ID | None, argument(description="The global id of the pipeline.")] = None,
        internal_name: Annotated[str | None, argument(description="The internal name of the pipeline.")] = None,
    ) -> Pipeline | None:
        """One visible pipeline (S23)."""
        if (id is None) == (internal_name is None):
            raise BadInput("Give exactly one of `id` and `internalName`.")
        ref = Ref(id=uuid_of(Kind.PIPELINE, id)) if id is not None else Ref(internal_name=internal_name)
        return view_pipeline(await or_null(resolvers.find_pipeline(info.context, ref, includes_of(info))))
