"""What a command says when something outside of it is wrong."""

from pathlib import Path

from config import bootstrap
from config.embedded import services
from tests.config.conftest import manage

NOWHERE = "postgresql://someone@127.0.0.1:9/nothing"


def test_a_database_that_is_down_is_one_sentence() -> None:
    addresses = {"DATABASE_URL": NOWHERE, "DATABASE_OWNER_URL": NOWHERE, "DATABASE_AUDITOR_URL": NOWHERE}

    done = manage("showmigrations", "--skip-checks", **addresses)

    assert done.returncode == 1
    assert done.stderr.startswith("The database at 127.0.0.1:9/nothing does not answer: ")
    assert done.stderr.count("\n") == 1


def test_a_broker_that_is_down_is_one_sentence(fresh_database: str) -> None:
    code = "from config.celery import app; app.send_task('anything')"

    done = manage("shell", "--no-imports", "-c", code, BROKER_URL="redis+socket:///nowhere/broker.sock")

    assert done.returncode == 1
    assert done.stderr.startswith("The broker at redis+socket:///nowhere/broker.sock does not answer: ")
    assert done.stderr.count("\n") == 1


def test_a_refusal_is_its_sentence(fresh_database: str) -> None:
    code = "from apps.core.domain.refusal import Refused; raise Refused('The day is not over.')"

    done = manage("shell", "--no-imports", "-c", code)

    assert (done.returncode, done.stderr) == (1, "The day is not over.\n")


def test_settings_that_cannot_be_read_are_one_sentence() -> None:
    done = manage("help", "check", DEBUG="perhaps")

    assert done.returncode == 1
    assert done.stderr.startswith("The settings are not right: ")
    assert "Traceback" not in done.stderr


def test_commands_that_do_not_look_into_the_database_start_nothing(var: Path) -> None:
    done = manage("help")

    assert done.returncode == 0
    assert not (var / "main").exists()


def test_the_first_command_that_reads_tables_finds_them(var: Path) -> None:
    code = "from apps.customers.models import Customer; print(Customer.objects.using('owner').count())"

    first = manage("shell", "--no-imports", "-c", code)
    second = manage("shell", "--no-imports", "-c", code)

    assert (first.returncode, first.stdout) == (0, "0\n")
    assert first.stderr == "Bringing the database's tables up to date …\n"
    assert (second.stdout, second.stderr) == ("0\n", "")
    assert services.running("main") == []


def test_nothing_is_started_where_the_address_is_somebody_elses(fresh_database: str, tmp_path: Path) -> None:
    done = manage("showmigrations", "--skip-checks", WHITESLIP_VAR=str(tmp_path / "var"))

    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_a_folder_that_cannot_be_made_is_one_sentence() -> None:
    done = manage("check", WHITESLIP_VAR="/dev/null/var")

    assert done.returncode == 1
    assert done.stderr == (
        "The secret key in /dev/null/var/secret_key cannot be read or made (Not a directory); "
        "set SECRET_KEY, or WHITESLIP_VAR to a folder of your own.\n"
    )


def test_which_commands_need_what() -> None:
    def needs(*words: str) -> set[str]:
        return {what for what, needed in bootstrap._needs(words[0], ["manage.py", *words]).items() if needed}

    assert needs("help") == needs("check") == needs("close_day", "--help") == set()
    assert needs("check", "--database", "default") == {"database", "schema"}
    assert needs("makemigrations") == {"database"}
    assert needs("close_day") == {"database", "schema"}
    assert needs("demo") == {"database", "broker", "schema"}
