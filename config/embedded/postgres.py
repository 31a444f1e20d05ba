"""PostgreSQL from the binaries in the Python environment: made, started, found again and stopped."""

import contextlib
import os
import shlex
import shutil
import signal
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from config.embedded import account, binaries, paths
from config.embedded.account import Account, Unavailable

SUPERUSER = "postgres"
ROLES = ("whiteslip_owner", "whiteslip_app", "whiteslip_auditor")
WALLED = "whiteslip_walled"  # what the application becomes for whoever may not see the whole book
PATIENCE = 60.0  # seconds for a start, recovery after a crash included

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "idle_in_transaction_session_timeout": "5min",
}
# Nothing survives a power cut: for the tests and the benchmarks, never for the user's database.
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}


@dataclass
class Postgres:
    """One server: its data in `home`, its socket in `run`."""

    home: Path
    run: Path
    fast: bool = False
    disposable: bool = False  # for databases that are made and dropped, never for the user's
    account: Account = field(init=False)

    def __post_init__(self) -> None:
        self.account = account.of(self.home)

    @property
    def data(self) -> Path:
        """The directory of its files."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What it has to say."""
        return self.home / "postgres.log"

    @property
    def _prepared(self) -> Path:
        return self.home / "prepared-2"  # another name where there is more to prepare than before

    @cached_property
    def bin(self) -> Path:
        """The folder of its programs."""
        return binaries.postgres(self.account)

    def is_running(self) -> bool:
        """Whether it answers, is the server of these very data, and has what the first start makes."""
        return self._answer() == 0 and (self.data / "postmaster.pid").exists() and self._prepared.exists()

    def start(self) -> None:
        """Start it, the first time with its roles and its database; fails with `Unavailable`."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self._stop_orphan()
        deadline = time.monotonic() + PATIENCE
        while not self._started():
            # After a kill -9 the old server's children hold its memory for a moment longer.
            if time.monotonic() > deadline or not self._worth_another_try():
                raise Unavailable(f"PostgreSQL does not start; the reason is at the end of {self.log}.")
            time.sleep(0.2)
        if not self._prepared.exists():
            self._prepare()
            self._prepared.touch()

    def stop(self) -> None:
        """Disconnect everybody and stop it."""
        if (self.data / "postmaster.pid").exists():
            self._ctl("stop", "-m", "fast", "-w", "-t", str(int(PATIENCE)))

    def _create(self) -> None:
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        options = ["--auth=trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        # Without the character type a trigram search finds nothing in Chinese.
        options += ["--locale=C", "--lc-ctype=C.UTF-8", "--no-instructions"] + (["--no-sync"] if self.fast else [])
        made = account.run([self.bin / "initdb", "-D", draft, "-U", SUPERUSER, *options], self.account)
        if made.returncode:
            raise Unavailable(f"PostgreSQL could not make its files in {draft}: {_last_line(made.stdout)}")
        (draft / "pg_hba.conf").write_text("local all all trust\n", encoding="utf-8")
        self._prepared.unlink(missing_ok=True)
        draft.rename(self.data)

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        version = account.run([self.bin / "postgres", "--version"], self.account).stdout
        ours = version.rpartition(" ")[2].partition(".")[0].strip()
        if made_by != ours:
            raise Unavailable(
                f"The data in {self.data} are PostgreSQL {made_by}'s and the server here is {ours}: "
                f"export them with the older version and import them again."
            )

    def _started(self) -> bool:
        if self._answer() == 0:
            return True
        self._remove_stale_pid()
        if self.log.exists() and self.log.stat().st_size > 10_000_000:
            self.log.replace(self.log.with_suffix(".log.1"))
        values = SETTINGS | (FAST if self.fast else {}) | {"unix_socket_directories": str(self.run)}
        values["dynamic_shared_memory_type"] = "posix" if _shared_memory() > 1 << 29 else "mmap"
        options = " ".join(shlex.quote(f"--{name}={value}") for name, value in values.items())
        self._ctl("start", "-w", "-t", str(int(PATIENCE)), "-l", str(self.log), "-o", options)
        return self._answer() == 0

    def _worth_another_try(self) -> bool:
        with contextlib.suppress(OSError):
            tail = self.log.read_text(encoding="utf-8", errors="replace")[-4000:]
            return "still in use" in tail or "starting up" in tail or "postmaster.pid" in tail
        return False

    def _prepare(self) -> None:
        with self.superuser("postgres") as admin:
            for role in ROLES:
                if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [WALLED]).fetchone():
                admin.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(WALLED)))
                admin.execute("GRANT whiteslip_walled TO whiteslip_app WITH INHERIT FALSE")
            if self.fast or self.disposable:
                admin.execute("ALTER ROLE whiteslip_owner CREATEDB")
                admin.execute("GRANT pg_signal_backend TO whiteslip_owner")
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [paths.DATABASE]).fetchone():
                admin.execute("CREATE DATABASE whiteslip OWNER whiteslip_owner")
        with self.superuser(paths.DATABASE) as admin:
            admin.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
            admin.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")

    def superuser(self, database: str) -> psycopg.Connection:
        """A connection that may do everything."""
        return psycopg.connect(host=str(self.run), user=SUPERUSER, dbname=database, autocommit=True)

    def _answer(self) -> int:
        """0 when it accepts connections, 1 while it starts, 2 when nobody is there."""
        return account.run([self.bin / "pg_isready", "-q", "-h", self.run, "-t", "3"], self.account).returncode

    def _ctl(self, *words: str) -> None:
        account.run([self.bin / "pg_ctl", "-D", self.data, "-s", *words], self.account, seconds=PATIENCE + 30)

    def _remove_stale_pid(self) -> None:
        """A pid file whose number belongs to a stranger by now would keep the server from starting."""
        pid_file = self.data / "postmaster.pid"
        for path in (pid_file, self.run / ".s.PGSQL.5432.lock"):
            pid = _first_number(path)
            if pid and not _is_postgres(pid):
                path.unlink(missing_ok=True)

    def _stop_orphan(self) -> None:
        """Data that were deleted under a running server leave it behind, holding the socket."""
        pid = _first_number(self.run / ".s.PGSQL.5432.lock")
        if not pid or (self.data / "postmaster.pid").exists() or not _is_postgres(pid):
            return
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE
        while _is_postgres(pid) and time.monotonic() < deadline:
            time.sleep(0.05)


def _first_number(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _is_postgres(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"postgres" in command.split(b"\0", 1)[0]


def _shared_memory() -> int:
    try:
        free = os.statvfs("/dev/shm")  # noqa: S108 - only measured
    except OSError:
        return 0
    return free.f_bavail * free.f_frsize


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "no reason given."
