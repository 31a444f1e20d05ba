"""What happens before a command of `manage.py` runs: an environment, the servers, the tables.

Until the environment is there only the standard library may be imported here.
"""

import os
import signal
import sys
from types import FrameType

# Commands that never look into the database.
WITHOUT_DATABASE = frozenset(
    [
        *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"),
        *("mailbox", "spectacular", "startapp", "startproject", "translations", "version"),
    ]
)
# Commands that look after the tables themselves.
WITHOUT_SCHEMA = frozenset(["dbshell", "inspectdb", "makemigrations", "migrate", "showmigrations", "sqlmigrate"])
WITH_BROKER = frozenset(["demo", "runserver"])
# Commands that work on a database which is made for them and dropped after them.
THROWAWAY = frozenset(["benchmark"])
FOR_DEVELOPERS = frozenset(["benchmark", "test", "translations"])


def main(argv: list[str]) -> int:
    """Run `manage.py` with these words; the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever types the command may have an older one
        print("Whiteslip needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    from config import environment

    command = argv[1] if len(argv) > 1 else "help"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        environment.enter(argv, developing=command in FOR_DEVELOPERS)
        if command == "test":
            from config import suite

            return suite.run(argv[2:])
        if command == "services":
            from config import commands

            return commands.services_command(argv[2:])
        signal.signal(signal.SIGTERM, _leave_in_order)
        return _run(command, argv)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except environment.Failed as failure:
        print(failure, file=sys.stderr)
        return 1


def _run(command: str, argv: list[str]) -> int:
    from django.core.exceptions import ImproperlyConfigured
    from environs import EnvError

    from config import commands

    try:
        return commands.run(argv, **_needs(command, argv))
    except (ImproperlyConfigured, EnvError) as error:
        if "--traceback" in argv:
            raise
        print(f"The settings are not right: {error}", file=sys.stderr)
        return 1


def _needs(command: str, argv: list[str]) -> dict[str, bool]:
    explains = command.startswith("-") or bool({"-h", "--help"} & set(argv))
    throwaway = not explains and command in THROWAWAY
    database = not explains and not throwaway and (command not in WITHOUT_DATABASE or "--database" in argv)
    return {
        "database": database,
        "broker": database and command in WITH_BROKER,
        "schema": database and command not in WITHOUT_SCHEMA,
        "throwaway": throwaway,
    }


def _leave_in_order(number: int, _: FrameType | None) -> None:
    """A polite kill ends the process by way of its exit handlers, so that the servers are not left behind."""
    raise SystemExit(128 + number)
