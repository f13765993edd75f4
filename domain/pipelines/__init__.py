"""Pipelines and their stages: founding, finding, designing and arranging them."""

from domain.pipelines.add_stage import add_stage
from domain.pipelines.create_account import create_account
from domain.pipelines.create_pipeline import create_pipeline
from domain.pipelines.default_stages import DEFAULT_STAGES, StageDraft
from domain.pipelines.finders import (
    count_pipelines,
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
from domain.pipelines.positions import number_stages
from domain.pipelines.rename_pipeline import rename_pipeline
from domain.pipelines.reorder_pipelines import reorder_pipelines
from domain.pipelines.reorder_stages import reorder_stages
from domain.pipelines.restore_default_stages import restore_default_stages
from domain.pipelines.set_pipeline_card import set_pipeline_card
from domain.pipelines.stage_label import rename_stage
from domain.pipelines.stage_states import StateMissing, require_both_states
from domain.pipelines.submitted_order import StaleOrder

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
    "create_account",
    "create_pipeline",
    "find_pipeline",
    "find_pipeline_of_stage",
    "find_pipelines",
    "find_pipelines_of_stages",
    "find_stage",
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
