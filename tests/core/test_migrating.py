"""Migrations run as the owner of the tables; the application's role may not change them."""

import pytest
from django.core.management import call_command
from django.db import ProgrammingError, connections, router


def test_only_the_owner_migrates() -> None:
    allowed = [alias for alias in connections if router.allow_migrate(alias, "bills")]

    assert allowed == ["owner"]


def test_migrate_goes_to_the_owner_by_itself(fresh_database: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("migrate", skip_checks=True)

    assert "No migrations to apply." in capsys.readouterr().out


@pytest.mark.parametrize("alias", ["default", "auditor"])
def test_the_others_see_what_was_migrated_and_change_no_table(fresh_database: str, alias: str) -> None:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT count(*) > 0 FROM django_migrations")
        assert cursor.fetchone() == (True,)

        for statement in ("CREATE TABLE mine (id int)", "ALTER TABLE bills_bill ADD mine int", "TRUNCATE bills_bill"):
            with pytest.raises(ProgrammingError, match="permission denied|must be owner"):
                cursor.execute(statement)


def test_the_auditor_writes_nothing(fresh_database: str) -> None:
    with connections["auditor"].cursor() as cursor, pytest.raises(ProgrammingError, match="permission denied"):
        cursor.execute("DELETE FROM bills_bill")
