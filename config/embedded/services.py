"""The embedded servers as the rest of the product asks for them: `need(database=True)`."""

import atexit
import contextlib
from pathlib import Path

from django.conf import settings

from config.embedded import account, paths
from config.embedded.account import Unavailable
from config.embedded.broker import Broker
from config.embedded.lease import Lease
from config.embedded.postgres import Postgres

held: dict[str, Lease] = {}


def need(*, database: bool = True, broker: bool = False) -> None:
    """Have the servers run for as long as this process lives; what is configured from outside is left alone."""
    database = database and uses_embedded_database()
    broker = broker and uses_embedded_broker()
    if database or broker:
        hold(paths.MAIN, database=database, broker=broker)


def uses_embedded_database() -> bool:
    """Whether the settings lead to our own PostgreSQL."""
    return bool(settings.DATABASES["default"]["HOST"] == str(paths.runtime_dir()))


def uses_embedded_broker() -> bool:
    """Whether the settings lead to our own broker."""
    return bool(paths.broker_url() == settings.CELERY_BROKER_URL)


def hold(
    name: str, *, database: bool = True, broker: bool = False, fast: bool = False, disposable: bool = False
) -> None:
    """Have one set of servers run for as long as this process lives; on a disposable one databases come and go."""
    try:
        lease = held.get(name)
        if lease is None or not lease.is_ours():
            lease = Lease(name)
            atexit.register(leave, name)
        with lease.changing():
            lease.take()
            held[name] = lease
            home = _make_home(name)
            for server in _servers(name, home, fast=fast, disposable=disposable, database=database, broker=broker):
                if not server.is_running():
                    server.start()
    except PermissionError as error:
        raise Unavailable(
            f"The servers in {paths.home(name)} belong to another account ({error.filename}: permission denied); "
            f"run as that account or set WHITESLIP_VAR to a folder of your own."
        ) from error
    except OSError as error:
        raise Unavailable(f"The servers in {paths.home(name)} cannot be started: {error}.") from error


def leave(name: str) -> None:
    """Rely on the servers no longer, and stop them if nobody else does."""
    lease = held.get(name)
    if lease is None or not lease.is_ours():
        return
    del held[name]
    with lease.changing():
        if lease.is_last():
            _stop(name)
        lease.drop()


def stop(name: str, *, force: bool = False) -> bool:
    """Stop the servers unless somebody relies on them; whether they are stopped."""
    lease = Lease(name)
    with lease.changing():
        free = lease.is_last() or force
        if free:
            _stop(name)
    lease.drop()
    return free


def running(name: str) -> list[str]:
    """The names of the servers that answer."""
    home = paths.home(name)
    if not home.exists():
        return []
    servers = _servers(name, home)
    return [type(server).__name__ for server in servers if server.is_running()]


def _servers(
    name: str, home: Path, *, fast: bool = False, disposable: bool = False, database: bool = True, broker: bool = True
) -> list[Postgres | Broker]:
    servers: list[Postgres | Broker] = []
    if database:
        servers.append(Postgres(home, paths.runtime_dir(name), fast=fast, disposable=disposable))
    if broker:
        servers.append(Broker(home, paths.broker_socket(name), fast=fast))
    return servers


def _stop(name: str) -> None:
    home = paths.home(name)
    if home.exists():
        for server in _servers(name, home):
            server.stop()


def _make_home(name: str) -> Path:
    home = paths.home(name)
    owner = account.of(home)
    if not home.exists():
        home.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    account.private_directory(home, owner)
    account.private_directory(paths.runtime_dir(name), owner)
    announcement = paths.var_dir() / name
    if announcement != home:
        with contextlib.suppress(FileExistsError):
            announcement.symlink_to(home)
    return home
