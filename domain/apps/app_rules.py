"""Rules of API apps: their permissions, and the pipelines listed for them (B32)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from domain.actor import AppReach
from domain.apps.app import App, AppPipeline
from domain.database.model import Json
from domain.errors import Invalid, NotPermitted
from domain.unit_of_work import UnitOfWork
from policies import Permission, may_be_given

MOST_LISTED = 500


def list_own(work: UnitOfWork, pipeline_id: UUID) -> None:
    """List a pipeline for the app that just created it, if its reach is LISTED; nothing for other actors.

    A part of creating a pipeline, whose event covers it.
    """
    if work.actor.reach is AppReach.LISTED and work.actor.id is not None:
        insert_listed(work, work.actor.id, [pipeline_id])


def check_permissions(work: UnitOfWork, names: Collection[str], *, held: Collection[str]) -> list[str]:
    """The permissions in the order of the law, each once; those that the app has already (`held`) are not checked
    again.
    """
    givable = [each for each in Permission if may_be_given(each)]
    unknown = set(names) - {each.value for each in givable}
    if unknown or not names:
        text = ", ".join(each.value for each in givable)
        raise Invalid(f"An app takes at least one permission, each of these: {text}.", field=("permissions",))
    wanted = [each for each in givable if each.value in set(names)]
    for each in wanted:
        if each not in work.actor.permissions and each.value not in held:
            raise NotPermitted(
                f"You cannot give {each.value}, which you do not hold.",
                field=("permissions",),
                permission=each.value,
            )
    return [each.value for each in wanted]


def check_listed(reach: AppReach, listed: Sequence[UUID] | None, *, present: Sequence[UUID] | None) -> list[UUID]:
    """The pipelines to list: those given, or else the present ones. Declines INVALID for a list that does not fit the
    reach.
    """
    if reach is not AppReach.LISTED:
        if listed:
            raise Invalid("Pipelines are listed for the reach LISTED only.", field=("pipelineIds",))
        return []
    if listed is None and present is None:
        raise Invalid("Say which pipelines it reaches; the list may be empty.", field=("pipelineIds",))
    pipelines = sorted(set(listed if listed is not None else present or ()))
    if len(pipelines) > MOST_LISTED:
        raise Invalid(f"At most {MOST_LISTED} pipelines can be listed for an app.", field=("pipelineIds",))
    return pipelines


def insert_listed(work: UnitOfWork, app_id: UUID, pipelines: Sequence[UUID]) -> None:
    """List pipelines for an app."""
    work.session.add_all(AppPipeline(account_id=work.account_id, app_id=app_id, pipeline_id=each) for each in pipelines)


def app_payload(app: App, pipelines: Sequence[UUID]) -> Json:
    """An app as events store it."""
    return {
        "name": app.name,
        "permissions": app.permissions,
        "reach": app.reach,
        "pipelines": [str(each) for each in pipelines],
    }
