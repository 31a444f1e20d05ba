"""The account that the servers run under: PostgreSQL refuses to run as root."""

import os
import pwd
import stat
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class Unavailable(Exception):
    """A server that cannot be had, in one sentence for whoever typed the command."""


@dataclass(frozen=True)
class Account:
    """A user of the operating system and its first group."""

    name: str
    uid: int
    gid: int

    def may_enter(self, directory: Path) -> bool:
        """Whether the account can traverse the directory and all of its parents, as far as they exist."""
        return all(self._has_key(place) for place in (directory, *directory.parents) if place.exists())

    def _has_key(self, directory: Path) -> bool:
        status = directory.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & stat.S_IXUSR)
        if status.st_gid == self.gid:
            return bool(status.st_mode & stat.S_IXGRP)
        return bool(status.st_mode & stat.S_IXOTH)


def is_root() -> bool:
    """Whether this process may become another account."""
    return os.geteuid() == 0


def of(home: Path) -> Account:
    """The account for the servers that live in `home`.

    Ours, unless we are root: then whoever the home belongs to already, else `postgres` or `nobody`.
    """
    if not is_root():
        return _named(os.geteuid(), os.getegid())
    if home.exists() and (status := home.stat()).st_uid != 0:
        return _named(status.st_uid, status.st_gid)
    return service()


def service() -> Account:
    """The account that root hands the servers to: `postgres` if the machine has it, else `nobody`."""
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    return Account("nobody", 65534, 65534)


def _named(uid: int, gid: int) -> Account:
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        name = str(uid)
    return Account(name, uid, gid)


def private_directory(path: Path, account: Account) -> None:
    """Make the directory, or take it as it is if it is the account's own and closed to everybody else."""
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if is_root():
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != account.uid:
        raise Unavailable(f"{path} does not belong to {account.name}; remove it or run as the account that owns it.")
    if stat.S_IMODE(status.st_mode) != 0o700:
        path.chmod(0o700)


def run(command: Sequence[str | Path], account: Account, *, seconds: float = 90) -> subprocess.CompletedProcess[str]:
    """Run a command as the account, in a session and an environment of its own; output is captured."""
    root = is_root()
    return subprocess.run(  # noqa: S603
        [str(part) for part in command],
        cwd="/",
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=seconds,
        start_new_session=True,
        check=False,
        user=account.uid if root else None,
        group=account.gid if root else None,
        extra_groups=[] if root else None,
    )
