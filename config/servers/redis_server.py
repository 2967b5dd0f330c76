"""The private Redis: a queue and a place where frames wait for seconds, never on disk."""

import os
import signal
from pathlib import Path
from typing import ClassVar

from config.servers.account import Account, let_reach
from config.servers.addresses import REDIS_SOCKET
from config.servers.server import Server, accepts, make_socket_folder

# Frames of 200 captures of 5 frames of 200 KB; beyond it writes are refused, nothing is evicted:
# a queue that silently loses a message is worse than a kiosk that is told to wait.
MOST_MEMORY = "256mb"


class RedisServer(Server):
    """`redis-server` on a unix socket, without TCP and without any kind of persistence."""

    name: ClassVar[str] = "redis"
    stop_signals: ClassVar = (signal.SIGTERM, signal.SIGKILL)

    @property
    def socket(self) -> Path:
        """Where it listens."""
        return self.plan.sockets / REDIS_SOCKET

    @property
    def working_folder(self) -> Path:
        """Nothing is ever written there but the socket."""
        return self.plan.sockets

    def prepare(self, account: Account) -> None:
        """Make the sockets' folder and clear a socket that a killed server has left."""
        make_socket_folder(self.plan, account)
        if os.geteuid() == 0:
            let_reach(account, self.plan.sockets)
        self.socket.unlink(missing_ok=True)

    def command(self) -> list[str]:
        """Redis in the foreground."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "daemonize": "no",
            "save": "",
            "appendonly": "no",
            "maxmemory": MOST_MEMORY,
            "maxmemory-policy": "noeviction",
            "loglevel": "warning",
        }
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        # Saving by command would put frames on disk as well.
        forbidden = ["--rename-command", "SAVE", "", "--rename-command", "BGSAVE", ""]
        return [str(self.plan.program), *pairs, *forbidden]

    def is_ready(self) -> bool:
        """Whether it answers PING."""
        connection = accepts(self.socket)
        if connection is None:
            return False
        with connection:
            try:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
