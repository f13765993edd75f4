"""Apps: programs that act in an account as themselves, and how they come in."""

from domain.apps.admitting import secret
from domain.apps.adopting import adopt_app
from domain.apps.app import App, AppPipeline, AppSecret
from domain.apps.finding import AppFacts, SecretFacts, find_app, find_apps, find_names, find_secrets, list_apps
from domain.apps.registering import MOST_LISTED, AppChanges, create_app, list_own, update_app
from domain.apps.retiring import delete_app
from domain.apps.rotating import NewSecret, revoke_secret, rotate_secret
from domain.apps.suspending import suspend_apps
from domain.apps.using import note_use

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
