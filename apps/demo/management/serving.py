"""Running the site: web, worker, beat and a mailbox as children of one process that ends them together."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

LOG_LINE = '%(h)s "%(m)s %(U)s" %(s)s %(B)s'  # without what was searched for
PATIENCE = 10.0  # seconds that a child has to leave in order
START = 60.0  # seconds until the first page must be there

Say = Callable[[str], None]


class Stopped(Exception):
    """Somebody asked us to stop."""


def serve(*, port: int, var: Path, say: Say, ready: Callable[[str], None]) -> int:
    """Run until Ctrl-C or until a child ends by itself; the exit code."""
    port, mail_port = free_port(port), free_port(2525)
    environment = {**os.environ, "EMAIL_URL": f"smtp://127.0.0.1:{mail_port}"}
    address = f"http://127.0.0.1:{port}/"
    with _stop_on_signals(), ExitStack() as stack:
        children = {
            name: stack.enter_context(_child(words, environment, var / f"{name}.log"))
            for name, words in _programs(port, mail_port, var).items()
        }
        try:
            if not _answers(f"{address}healthz", children):
                say(f"The site did not come up; see the logs in {var}.")
                return 1
            ready(address)
            ended = _wait(children)
        except Stopped:
            say("Stopping …")
            return 0
        say(f"{ended} ended by itself; see {var / f'{ended}.log'}.")
        return 1


def _programs(port: int, mail_port: int, var: Path) -> dict[str, list[str]]:
    celery = ["celery", "-A", "config.celery", "--quiet"]
    return {
        "web": [
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "2",
            "--access-logfile",
            "-",
            "--access-logformat",
            LOG_LINE,
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "info"],
        "beat": [*celery, "beat", "--loglevel", "info", "--pidfile=", "--schedule", str(var / "beat-schedule")],
        "mail": ["django", "mailbox", "--port", str(mail_port)],
    }


@contextmanager
def _child(words: list[str], environment: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A child in a process group of its own, so that Ctrl-C reaches it through us; ended on the way out."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, "-m", *words],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _answers(address: str, children: "dict[str, subprocess.Popen[bytes]]") -> bool:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and all(child.poll() is None for child in children.values()):
        try:
            with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own loopback address
                return bool(response.status == 200)
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.2)
    return False


def _wait(children: "dict[str, subprocess.Popen[bytes]]") -> str:
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        time.sleep(0.5)


def free_port(wanted: int) -> int:
    """The wanted port on loopback, or any other where it is taken."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no port is free on loopback")
