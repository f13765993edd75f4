"""Apps: programs that act in an account as themselves, and how they come in."""

from domain.apps.admitting import app
from domain.apps.app import App, AppPipeline, AppSecret

__all__ = ["App", "AppPipeline", "AppSecret", "app"]
