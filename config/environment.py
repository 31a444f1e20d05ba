"""The virtual environment in `.venv`: made on the first command, kept in step with the lock file ever after.

The standard library alone. One process installs, the others wait; an interrupted installation starts over.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
BUSY = VENV / "installing"
RUNTIME, DEVELOPMENT = CHECKOUT / "requirements.lock", CHECKOUT / "requirements-dev.lock"


class Failed(Exception):
    """The environment cannot be made, in words for whoever typed the command."""


def enter(argv: list[str], *, developing: bool) -> None:
    """Go on inside the environment, which is made or brought up to date first; does not return if we are outside.

    WHITESLIP_NO_VENV=1 takes the running interpreter as it is.
    """
    if os.environ.get("WHITESLIP_NO_VENV") == "1":
        return
    lock = DEVELOPMENT if developing else RUNTIME
    if not _is_installed(lock):
        with _alone():
            if not _is_installed(lock):
                _install(lock)
    if Path(sys.prefix).resolve() != VENV.resolve():
        sys.stdout.flush()
        os.execv(PYTHON, [str(PYTHON), *argv])  # noqa: S606


def _is_installed(lock: Path) -> bool:
    try:
        return PYTHON.exists() and not BUSY.exists() and _stamp(lock).read_text(encoding="utf-8") == _digest(lock)
    except FileNotFoundError:
        return False


def _stamp(lock: Path) -> Path:
    return VENV / f"{lock.stem}.installed"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    try:
        VENV.mkdir(exist_ok=True)
        directory = os.open(VENV, os.O_RDONLY)
    except OSError as error:
        raise Failed(f"The environment cannot be made in {VENV}: {error.strerror}.") from error
    try:
        try:
            fcntl.flock(directory, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Waiting for another command that is installing the packages …")
            fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


def _install(lock: Path) -> None:
    try:
        if BUSY.exists() or not PYTHON.exists():
            _say(f"Making a Python environment in {VENV} …")
            _empty(VENV)
            BUSY.touch()
            venv.create(VENV, symlinks=True, with_pip=False)
        BUSY.touch()
        _pip_install(lock)
    except OSError as error:
        raise Failed(f"The environment cannot be made in {VENV}: {error}.") from error
    for installed in (RUNTIME, lock):  # what a developer needs includes all of the runtime
        _stamp(installed).write_text(_digest(installed), encoding="utf-8")
    BUSY.unlink()


def _empty(directory: Path) -> None:
    for entry in directory.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()


def _pip_install(lock: Path) -> None:
    packages = sum("==" in line for line in lock.read_text(encoding="utf-8").splitlines())
    command = [_python_with_pip(), "-m", "pip", "--python", str(PYTHON), "--disable-pip-version-check", "--no-input"]
    command += ["install", "--require-hashes", "--no-warn-script-location", "--progress-bar", "off", "-r", str(lock)]
    environment = {**os.environ, "PIP_REQUIRE_VIRTUALENV": "0", "PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    seen: list[str] = []
    pip = subprocess.Popen(  # noqa: S603
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", env=environment
    )
    with pip:
        collected = 0
        for line in pip.stdout or ():
            seen.append(line)
            collected += line.startswith(("Collecting ", "Requirement already satisfied"))
            if line.startswith("Collecting "):
                _progress(collected, packages, line.split()[1].partition("==")[0])
            elif line.startswith("Installing collected"):
                _progress(packages, packages, "installing")
    if pip.returncode:
        raise Failed(f"{''.join(seen[-15:])}The packages of {lock.name} could not be installed; pip's reason is above.")
    _progress(packages, packages, "done", end="\n")


def _python_with_pip() -> str:
    """This interpreter or, inside an environment such as ours, the one that the environment was made from."""
    for python in dict.fromkeys((sys.executable, str(getattr(sys, "_base_executable", sys.executable)))):
        if subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603
            return python
    raise Failed("The packages are installed by pip, and this Python has none: install python3-pip.")


def _progress(done: int, total: int, what: str, *, end: str = "") -> None:
    """One line that is drawn over and over on a terminal; only the last one elsewhere."""
    if sys.stderr.isatty() or end:
        width = 24
        full = width * done // max(total, 1)
        bar = "█" * full + "·" * (width - full)
        start = "\r" if sys.stderr.isatty() else ""
        print(f"{start}Packages {bar} {done}/{total} {what:<28.28}", end=end, file=sys.stderr, flush=True)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
