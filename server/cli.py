"""The command line, `python -m server COMMAND`: names and nothing else; each command is a function in server/commands.

What cannot start says why in one sentence on standard error, and ends with 2 for a bad setting, else with 1.
"""

import sys

import typer

from server.commands.audit_heads import audit_heads
from server.commands.demo import demo
from server.commands.import_ import import_
from server.commands.migrate import migrate
from server.commands.plan import plan
from server.commands.print_schema import print_schema
from server.commands.serve import serve
from server.commands.token import token
from server.commands.unlink import unlink
from server.commands.verify_audit import verify_audit
from server.commands.worker import worker
from server.errors import CannotStart
from server.terminal import printable

app = typer.Typer(
    help="Sluicegate, a GraphQL backend for ticket pipelines.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("serve")(serve)
app.command("migrate")(migrate)
app.command("worker")(worker)
app.command("token")(token)
app.command("unlink")(unlink)
app.command("plan")(plan)
app.command("verify-audit")(verify_audit)
app.command("audit-heads")(audit_heads)
app.command("demo")(demo)
app.command("import")(import_)
app.command("print-schema")(print_schema)


def main() -> None:
    """Run the command that was asked for."""
    try:
        app(prog_name="python -m server")
    except CannotStart as refusal:
        typer.echo(printable(f"sluicegate: {refusal}"), err=True)
        sys.exit(refusal.exit_code)
