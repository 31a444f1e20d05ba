"""Running a command inside the environment: the servers before it, a readable sentence after it if it fails."""

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import django
import psycopg
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import InterfaceError, OperationalError
from kombu.exceptions import OperationalError as BrokerError

from config.embedded import paths, services
from config.embedded.account import Unavailable

SETS = (paths.MAIN, "test", "benchmark")
GONE = ("08", "57P")  # classes of SQLSTATE: the connection is lost, the server is stopping or starting


def run(argv: list[str], *, database: bool, broker: bool, schema: bool, throwaway: bool = False) -> int:
    """Run the command; the exit code."""
    import config.celery  # noqa: F401 - the application that shared tasks belong to
    from apps.audit import registry as trail
    from apps.core.domain.refusal import Refused

    try:
        services.need(database=database, broker=broker)
        if schema and services.uses_embedded_database():
            from config.embedded import schema as tables

            django.setup()
            tables.follow()
        with trail.shell(argv[1] if len(argv) > 1 else "help"), _database_of_its_own(throwaway):
            execute_from_command_line(argv)
    except Refused as refusal:
        return _fail(refusal.sentence)
    except Unavailable as failure:
        return _fail(str(failure))
    except (OperationalError, InterfaceError) as error:
        if "--traceback" in argv or not _is_down(error):
            raise
        return _fail(f"The database at {_database()} does not answer: {_first_line(error)}")
    except BrokerError as error:
        if "--traceback" in argv:
            raise
        return _fail(f"The broker at {settings.CELERY_BROKER_URL} does not answer: {_first_line(error)}")
    return 0


def _database_of_its_own(wanted: bool) -> AbstractContextManager[None]:
    if not wanted:
        return nullcontext()
    from config import throwaway

    django.setup()
    return throwaway.database()


def services_command(words: list[str]) -> int:
    """`manage.py services status` and `manage.py services stop [--force]`: the embedded servers."""
    match words:
        case [] | ["status"]:
            for name in SETS:
                answering = ", ".join(services.running(name)) or "stopped"
                print(f"{name:<9} {answering:<20} {paths.home(name)}")
            return 0
        case ["stop", *options] if set(options) <= {"--force"}:
            busy = [name for name in SETS if not services.stop(name, force="--force" in options)]
            if busy:
                return _fail(f"In use by a running command: {', '.join(busy)}; end it first or add --force.")
            return 0
        case _:
            return _fail("Usage: manage.py services [status | stop [--force]]")


def _is_down(error: Exception) -> bool:
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return state is None or state.startswith(GONE)


def _database() -> str:
    database: dict[str, Any] = settings.DATABASES["default"]
    port = f":{database['PORT']}" if database["PORT"] else ""
    return f"{database['HOST'] or 'localhost'}{port}/{database['NAME']}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
