"""A `var` folder of the test's own, and processes that use it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from config.embedded import paths, services

ROLES = {
    "whiteslip_app": "DATABASE_URL",
    "whiteslip_owner": "DATABASE_OWNER_URL",
    "whiteslip_auditor": "DATABASE_AUDITOR_URL",
}
HOLD = "from config.embedded import paths, services; services.hold('main', fast=True)\n"


@pytest.fixture
def make_var(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Path]]:
    """Makes `var` folders that the servers' account can reach, and stops what runs in them in the end."""
    made: list[Path] = []

    def make() -> Path:
        var = Path(tempfile.mkdtemp(prefix="whiteslip-var-"))
        var.chmod(0o755)
        made.append(var)
        return var

    yield make
    for var in made:
        monkeypatch.setenv("WHITESLIP_VAR", str(var))
        services.stop("main", force=True)
        elsewhere, run = paths.home(), paths.runtime_dir()
        shutil.rmtree(var)
        shutil.rmtree(run, ignore_errors=True)
        shutil.rmtree(elsewhere.parent if paths.ELSEWHERE in elsewhere.parents else elsewhere, ignore_errors=True)


@pytest.fixture
def var(make_var: Callable[[], Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The one `var` folder of a test that needs one."""
    folder = make_var()
    monkeypatch.setenv("WHITESLIP_VAR", str(folder))
    # The suite itself may run on a server of the developer's; these tests are about our own.
    for role, variable in ROLES.items():
        monkeypatch.setenv(variable, paths.database_url(role))
    monkeypatch.setenv("BROKER_URL", paths.broker_url())
    return folder


def start(code: str, **environment: str) -> subprocess.Popen[str]:
    """Start a Python process in the checkout that runs the code."""
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=paths.CHECKOUT,
        env={**os.environ, **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(code: str, **environment: str) -> str:
    """Run the code in a Python process in the checkout; what it prints."""
    with start(code, **environment) as process:
        out, err = process.communicate()
    assert process.returncode == 0, err
    return out.strip()


def manage(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py` with these words."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=paths.CHECKOUT,
        env={**os.environ, "WHITESLIP_NO_VENV": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
