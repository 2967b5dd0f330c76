"""Ports that Lintel is about to listen on."""

import errno
import socket
from itertools import chain

from config.faults import SetupError


def require_free_port(host: str, port: int, setting: str) -> None:
    """Raise SetupError, naming `setting` and a way out, when `host:port` cannot be listened on."""
    fault = _try(host, port)
    if fault is None:
        return
    if isinstance(fault, socket.gaierror) or fault.errno == errno.EADDRNOTAVAIL:
        raise SetupError(f"setting LINTEL_HOST: {host} is no address of this machine", status=2)
    if fault.errno == errno.EACCES:
        free = _propose(host, max(port, 1024) + 7000)
        raise SetupError(f"port {port} is open to root alone; choose another: {setting}={free}")
    if fault.errno == errno.EADDRINUSE:
        free = _propose(host, port)
        raise SetupError(
            f"port {port} on {host} is taken by another program;"
            f" end that, or choose another: {setting}={free} make run"
        )
    raise SetupError(f"cannot listen on {host}:{port}: {fault.strerror}")


def _try(host: str, port: int) -> OSError | None:
    """Listen for a moment; return what went wrong."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the web server does: connections that have just ended are not in the way.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as fault:
        return fault
    return None


def _propose(host: str, above: int) -> int:
    """A port somewhat above that is free; tens first, they are easier to remember."""
    for candidate in chain(range(above + 80, above + 300, 10), range(above + 1, above + 80)):
        if candidate < 65536 and _try(host, candidate) is None:
            return candidate
    return 0
