"""Apps: programs that act in an account as themselves, and how they come in."""

from domain.apps.adopt_app import adopt_app
from domain.apps.app import App, AppPipeline, AppSecret
from domain.apps.app_rules import MOST_LISTED, list_own
from domain.apps.authentication import secret
from domain.apps.create_app import create_app
from domain.apps.delete_app import delete_app
from domain.apps.finders import AppFacts, SecretFacts, find_app, find_apps, find_names, find_secrets, list_apps
from domain.apps.last_use import note_use
from domain.apps.revoke_app_secret import revoke_app_secret
from domain.apps.rotate_app_secret import rotate_app_secret
from domain.apps.secrets import NewSecret
from domain.apps.suspension import suspend_apps
from domain.apps.update_app import AppChanges, update_app

__all__ = [
    "MOST_LISTED",
    "App",
    "AppChanges",
    "AppFacts",
    "AppPipeline",
    "AppSecret",
    "NewSecret",
    "SecretFacts",
    "adopt_app",
    "create_app",
    "delete_app",
    "find_app",
    "find_apps",
    "find_names",
    "find_secrets",
    "list_apps",
    "list_own",
    "note_use",
    "revoke_app_secret",
    "rotate_app_secret",
    "secret",
    "suspend_apps",
    "update_app",
]
