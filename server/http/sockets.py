"""The sockets to be served on, bound before anything else is started: a port that is taken is known at once."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.errors import CannotStart

_WAITING = 2048  # connections not yet accepted


@contextmanager
def listening(host: str, port: int) -> Iterator[list[socket.socket]]:
    """One socket for each address of the host, all on the same port (0: any); CannotStart where there is none."""
    bound: list[socket.socket] = []
    refused = ""
    try:
        for family, address in _addresses(host, port):
            if bound:
                address = (address[0], bound[0].getsockname()[1], *address[2:])
            try:
                bound.append(_bind(family, address))
            except OSError as error:
                refused = error.strerror or str(error)
        if not bound:
            raise CannotStart(f"Port {port} of {host} cannot be had ({refused}): choose another with --port.")
        yield bound
    finally:
        for each in bound:
            with contextlib.suppress(OSError):
                each.close()


def _addresses(host: str, port: int) -> list[tuple[socket.AddressFamily, tuple[Any, ...]]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as error:
        raise CannotStart(f"There is no address for the host {host}: {error.strerror}.") from None
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _bind(family: socket.AddressFamily, address: tuple[Any, ...]) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind(address)
        # Two that only bind the same port do not notice each other.
        made.listen(_WAITING)
    except OSError:
        made.close()
        raise
    return made
