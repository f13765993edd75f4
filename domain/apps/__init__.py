"""Apps: programs that act in an account as themselves, and how they come in."""

from domain.apps.adopt_app import adopt_app
from domain.apps.app import App, AppPipeline, AppSecret
from domain.apps.authentication import secret
from domain.apps.create_app import MOST_LISTED, AppChanges, create_app, list_own, update_app
from domain.apps.delete_app import delete_app
from domain.apps.finders import AppFacts, SecretFacts, find_app, find_apps, find_names, find_secrets, list_apps
from domain.apps.last_use import note_use
from domain.apps.rotate_app_secret import NewSecret, revoke_secret, rotate_secret
from domain.apps.suspension import suspend_apps

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
    "revoke_secret",
    "rotate_secret",
    "secret",
    "suspend_apps",
    "update_app",
]
