"""Pipelines and their stages: founding, finding, designing and arranging them."""

from domain.pipelines.add_stage import (
    add_stage,
    rename_pipeline,
    rename_stage,
    restore_default_stages,
    set_pipeline_card,
)
from domain.pipelines.create_pipeline import DEFAULT_STAGES, StageDraft, count_pipelines, create_pipeline, found_account
from domain.pipelines.finders import (
    find_pipeline,
    find_pipeline_of_stage,
    find_pipelines,
    find_pipelines_of_stages,
    find_stage,
    list_pipelines,
    lock_pipeline,
)
from domain.pipelines.pipeline import Pipeline, Stage, StageState
from domain.pipelines.pipeline_events import change_pipeline, record_stage
from domain.pipelines.pipeline_rows import (
    AnyPipeline,
    AnyStage,
    PipelineRow,
    StageRow,
    pipeline_columns,
    pipeline_from_row,
    read_all_pipelines,
    read_pipeline,
    read_pipeline_of_stage,
    read_pipelines,
)
from domain.pipelines.reorder_pipelines import StaleOrder, number_stages, reorder_pipelines, reorder_stages
from domain.pipelines.stage_states import StateMissing, require_both_states

__all__ = [
    "DEFAULT_STAGES",
    "AnyPipeline",
    "AnyStage",
    "Pipeline",
    "PipelineRow",
    "Stage",
    "StageDraft",
    "StageRow",
    "StageState",
    "StaleOrder",
    "StateMissing",
    "add_stage",
    "change_pipeline",
    "count_pipelines",
    "create_pipeline",
    "find_pipeline",
    "find_pipeline_of_stage",
    "find_pipelines",
    "find_pipelines_of_stages",
    "find_stage",
    "found_account",
    "list_pipelines",
    "lock_pipeline",
    "number_stages",
    "pipeline_columns",
    "pipeline_from_row",
    "read_all_pipelines",
    "read_pipeline",
    "read_pipeline_of_stage",
    "read_pipelines",
    "record_stage",
    "rename_pipeline",
    "rename_stage",
    "reorder_pipelines",
    "reorder_stages",
    "require_both_states",
    "restore_default_stages",
    "set_pipeline_card",
]
