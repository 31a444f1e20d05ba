"""The same writes under the libraries that others use, in a process of their own: they never enter the product."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.db import connections

NAMES = ("auditlog", "pghistory")
KEYS = ("NAME", "USER", "PASSWORD", "HOST", "PORT")


@dataclass(frozen=True)
class Peers:
    """The process that writes as they do."""

    ask: IO[str]
    answer: IO[str]

    def turn(self) -> dict[str, float]:
        """One turn: the speed of each with its capture to the same without it, measured in the same process."""
        self.ask.write("\n")
        self.ask.flush()
        return self.heard()

    def heard(self) -> dict[str, float]:
        """The next answer."""
        line = self.answer.readline()
        if not line:
            raise RuntimeError("the process that measures the peers has ended; its reason is above")
        answer: dict[str, float] = json.loads(line)
        return answer


@contextmanager
def process(rows: int) -> Iterator[Peers]:
    """The process with its tables of so many rows, in the benchmark's database."""
    database = {key: connections["owner"].settings_dict[key] for key in KEYS}
    command = [sys.executable, "-m", "apps.audit.management.benchmark_peers"]
    with subprocess.Popen(  # noqa: S603 - ourselves
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=settings.BASE_DIR
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        peers = Peers(child.stdin, child.stdout)
        peers.ask.write(json.dumps({"database": database, "rows": rows}) + "\n")
        peers.ask.flush()
        peers.heard()
        yield peers
        child.stdin.close()
