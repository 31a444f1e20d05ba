"""`manage.py test`: pytest on every core, with a browser if the machine can have one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from config.environment import CHECKOUT

BROWSER_TESTS = CHECKOUT / "tests" / "browser"
APT = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-q", "-y"]


def run(words: list[str]) -> int:
    """Run pytest with these words; its exit code."""
    chosen = [Path(word.partition("::")[0]) for word in words if not word.startswith("-")]
    chosen = [path for path in chosen if path.exists()] or [CHECKOUT / "tests"]
    if any(_includes(path, BROWSER_TESTS) for path in chosen):
        _have_a_browser()
    several = len(chosen) > 1 or chosen[0].is_dir()
    alone = any(word.startswith(("-n", "--pdb")) for word in words)
    side_by_side = ["-n", "2", "--dist", "worksteal"] if several and not alone else []
    command = [sys.executable, "-m", "pytest", "-c", str(CHECKOUT / "pyproject.toml"), "--rootdir", str(CHECKOUT)]
    if chosen == [CHECKOUT / "tests"]:
        words = [*words, str(CHECKOUT / "tests")]
    return subprocess.run([*command, *side_by_side, *words], check=False).returncode  # noqa: S603


def _includes(path: Path, other: Path) -> bool:
    path = path.resolve()
    return path.is_relative_to(other) or (path.is_dir() and other.is_relative_to(path))


def _have_a_browser() -> None:
    if shutil.which("chromium") or not BROWSER_TESTS.exists():
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print("No chromium on this machine: the browser tests will be skipped.", file=sys.stderr)
        return
    print("Installing chromium and a Chinese font for the browser tests …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "--no-install-recommends", "chromium", "fonts-noto-cjk"]):
        done = subprocess.run(  # noqa: S603
            [*APT, *words], env=environment, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        if done.returncode:
            last = (done.stdout.strip().splitlines() or ["no reason given"])[-1]
            print(f"Chromium could not be installed ({last}): the browser tests will be skipped.", file=sys.stderr)
            return
