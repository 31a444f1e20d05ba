"""The broker: Valkey's own server over a private socket, its queue kept in an append-only file."""

import os
import socket
import time
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import account, binaries
from config.embedded.account import Account, Unavailable

PATIENCE = 20.0


@dataclass
class Broker:
    """One server: its queue in `home`, its socket in `run`."""

    home: Path
    socket: Path
    fast: bool = False
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.account = account.of(self.home)

    @property
    def data(self) -> Path:
        """The directory of its files."""
        return self.home / "broker"

    @property
    def log(self) -> Path:
        """What it has to say."""
        return self.home / "broker.log"

    def is_running(self) -> bool:
        """Whether it answers."""
        return self._say("PING").startswith(b"+PONG")

    def start(self) -> None:
        """Start it; fails with `Unavailable`."""
        account.private_directory(self.data, self.account)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.data),
            "save": "",
            "appendonly": "no" if self.fast else "yes",
            "daemonize": "yes",
            "pidfile": str(self.data / "broker.pid"),
            "logfile": str(self.log),
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        account.run([binaries.valkey(self.account), *words], self.account)
        deadline = time.monotonic() + PATIENCE
        while not self.is_running():
            if time.monotonic() > deadline:
                raise Unavailable(f"The broker does not start; the reason is at the end of {self.log}.")
            time.sleep(0.01)

    def stop(self) -> None:
        """Write the queue down and stop it."""
        self._say("SHUTDOWN")
        deadline = time.monotonic() + PATIENCE
        while os.path.lexists(self.socket) and self.is_running() and time.monotonic() < deadline:
            time.sleep(0.01)

    def _say(self, word: str) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(2)
                line.connect(str(self.socket))
                line.sendall(f"{word}\r\n".encode())
                return line.recv(100)
        except OSError:
            return b""
