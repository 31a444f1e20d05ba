"""Who needs the servers: a shared lock for as long as a process lives, so that the last one to leave stops them.

A process that is killed loses its lock by itself; the servers then run on until the next process has come and gone.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterator

from config.embedded import paths


class Lease:
    """One set of servers, held by this process or not."""

    def __init__(self, name: str) -> None:
        var = paths.make_var_dir()
        self.lease = os.open(var / f"{name}.lease", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.lock = var / f"{name}.lock"
        self.pid = os.getpid()

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """While inside, nobody else starts or stops these servers, or begins to rely on them."""
        lock = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def take(self) -> None:
        """Rely on the servers; only inside `changing`."""
        fcntl.flock(self.lease, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """Whether nobody but us relies on the servers; only inside `changing`."""
        try:
            fcntl.flock(self.lease, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def is_ours(self) -> bool:
        """Whether this very process took it: a fork shares the lock and must not decide over it."""
        return self.pid == os.getpid()

    def drop(self) -> None:
        """Rely on the servers no longer."""
        os.close(self.lease)
