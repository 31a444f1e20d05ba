"""The virtual environment that `manage.py` makes for itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config.embedded.paths import CHECKOUT

ENTER = (
    "from config import environment; import sys; environment.enter(['-c', 'import sys; print(sys.prefix)'],"
    " developing=False)"
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose lock files name no package, so that nothing is downloaded."""
    (tmp_path / "config").mkdir()
    for name in ("__init__.py", "environment.py"):
        shutil.copy(CHECKOUT / "config" / name, tmp_path / "config" / name)
    for name in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_text("# nothing\n")
    return tmp_path


def enter(checkout: Path) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if name != "WHITESLIP_NO_VENV"}
    return subprocess.Popen(
        [sys.executable, "-c", ENTER],
        cwd=checkout,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_it_is_made_found_brought_up_to_date_and_made_again_after_an_interruption(checkout: Path) -> None:
    first = enter(checkout).communicate()
    second = enter(checkout).communicate()
    (checkout / "requirements.lock").write_text("# still nothing\n")
    _, said_of_a_changed_lock = enter(checkout).communicate()
    (checkout / ".venv" / "installing").touch()
    (checkout / ".venv" / "half").touch()
    last = enter(checkout).communicate()

    assert first[0].strip() == second[0].strip() == last[0].strip() == str(checkout / ".venv")
    assert "Making a Python environment" in first[1]
    assert second[1] == ""
    assert said_of_a_changed_lock.startswith("Packages ")
    assert "Making" not in said_of_a_changed_lock
    assert "Making a Python environment" in last[1]
    assert not (checkout / ".venv" / "half").exists()


def test_two_commands_at_once_make_it_once(checkout: Path) -> None:
    commands = [enter(checkout), enter(checkout)]

    answers = [command.communicate() for command in commands]

    assert [out.strip() for out, _ in answers] == [str(checkout / ".venv")] * 2
    assert sum("Making" in said for _, said in answers) == 1


def test_a_package_that_cannot_be_had_is_named(checkout: Path) -> None:
    (checkout / "requirements.lock").write_text(f"whiteslip @ file:///nowhere --hash=sha256:{'0' * 64}\n")

    process = enter(checkout)
    _, said = process.communicate()

    assert process.returncode == 1
    assert "config.environment.Failed" in said
    assert said.strip().endswith("could not be installed; pip's reason is above.")
