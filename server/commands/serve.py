"""The command `serve`: the API on a socket and, unless told otherwise, the worker beside it."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing
from typing import Annotated

import structlog
import typer
from starlette.applications import Starlette

from resolvers.ports import Services
from schema.root import build
from server import exports
from server.application import limits_from, make_application
from server.auth.passwords import Argon2Passwords
from server.commands.demo import welcome
from server.commands.options import DATA_DIR, DataDir, typed
from server.graphql.compiler.executor import CompilingExecutor
from server.http import health
from server.http.processes import Place, Processes
from server.http.server import HttpServer
from server.http.signals import asked_to_stop
from server.http.sockets import listening
from server.jobs.supervise import supervise
from server.request_context import context_of, make_services
from server.runtime import Opened, opened, run

log = structlog.get_logger(__name__)


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes any.", min=0, max=65535)] = 8000,
    data_dir: DataDir = DATA_DIR,
    demo: Annotated[bool, typer.Option(help="Make a demo account in an embedded database that is empty.")] = True,
    worker: Annotated[bool, typer.Option(help="Run the worker as well, in one of the processes.")] = True,
    workers: Annotated[int, typer.Option(help="Processes that serve, each with a pool of its own.", min=1, max=64)] = 1,
) -> None:
    """Serve the API; starts the embedded database unless the settings name another."""
    with listening(host, port) as sockets, opened(data_dir) as it, closing(Argon2Passwords()) as passwords:
        services = make_services(it.settings, it.secret_key(), passwords)
        typer.echo(it.story)

        def greet() -> None:
            _greet(it, host, sockets)

        if workers == 1:
            run(_alone(it, services, greet, sockets, demo=demo, worker=worker))
        else:
            _together(it, services, greet, sockets, demo=demo, worker=worker, workers=workers)
        typer.echo("Stopped.")


async def _alone(
    it: Opened, services: Services, ready: Callable[[], None], sockets: list[socket.socket], *, demo: bool, worker: bool
) -> None:
    stop = asked_to_stop()
    try:
        await _prepare(it, demo=demo)
        await _serve(it, services, ready, sockets, stop, worker=worker)
    finally:
        await it.database.close()


def _together(
    it: Opened,
    services: Services,
    ready: Callable[[], None],
    sockets: list[socket.socket],
    *,
    demo: bool,
    worker: bool,
    workers: int,
) -> None:
    """Prepare once, then serve in several processes, of which the first runs the worker."""

    async def prepared() -> None:
        try:
            await _prepare(it, demo=demo)
            wanted, allowed = workers * it.settings.pool_size, await it.database.allowed()
            if wanted > allowed:
                log.warning(
                    "the pools may open more connections than PostgreSQL lets in", pools=wanted, allowed=allowed
                )
        finally:
            await it.database.close()

    async def one(mine: Opened, place: Place) -> None:
        stop = asked_to_stop()
        place.heed(stop)
        try:
            await _serve(mine, services, place.ready, sockets, stop, worker=worker and place.number == 0)
        finally:
            await mine.database.close()

    run(prepared())
    # A pool belongs to the event loop that opened its connections, and no two processes may share one of them.
    Processes(workers, lambda place: run(one(it.again(), place)), ready).run()


async def _prepare(it: Opened, *, demo: bool) -> None:
    migrated = await it.prepare()
    if migrated:
        typer.echo(migrated)
    if demo:
        await _welcome(it)


async def _serve(
    it: Opened,
    services: Services,
    ready: Callable[[], None],
    sockets: list[socket.socket],
    stop: asyncio.Event,
    *,
    worker: bool,
) -> None:
    server = HttpServer(_application(it, services), it.settings.trusted_proxies, ready)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(server.leave_when(stop))
        if worker:
            tasks.create_task(supervise(it, stop))
        await server.serve(sockets)
        stop.set()


async def _welcome(it: Opened) -> None:
    if it.data_dir is None:
        return
    from server.database.embedded import locks  # needs what Windows has not

    with locks.held(it.data_dir / "demo.lock"):  # of two servers that start at once, one makes the account
        await welcome(it)


def _application(it: Opened, services: Services) -> Starlette:
    open_context = context_of(it.database, services)
    return make_application(
        build(execution_context_class=CompilingExecutor if it.settings.compiled else None),
        open_context,
        limits=limits_from(it.settings),
        introspection=it.settings.introspection,
        allowed_origins=it.settings.allowed_origins,
        routes=[*health.routes(it.database), *exports.routes(open_context)],
    )


def _greet(it: Opened, host: str, sockets: list[socket.socket]) -> None:
    address = f"http://{f'[{host}]' if ':' in host else host}:{sockets[0].getsockname()[1]}"
    if it.settings.introspection:
        typer.echo(f"To look around in a browser: {address}/graphiql/")
    typer.echo(f"To sign in: the mutation signIn, or a token from `{typed()} token EMAIL`.")
    typer.echo(f"Serving on {address}/graphql; Ctrl-C stops it.")
