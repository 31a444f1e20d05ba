"""The tests' own footing: whose role they run as, and that what one leaves no other sees."""

import subprocess
import sys

import pytest
from django.db import connection, connections

from config.embedded import paths


def _user(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


@pytest.mark.django_db(databases=["default", "owner", "auditor"])
def test_each_connection_is_a_role_of_its_own() -> None:
    roles = [_user(alias) for alias in ("default", "owner", "auditor")]

    assert roles == ["whiteslip_app", "whiteslip_owner", "whiteslip_auditor"]


def test_a_fresh_database_is_shared_with_other_processes(fresh_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TABLE left_for_the_other AS SELECT 7 AS seen")
        cursor.execute("GRANT SELECT ON left_for_the_other TO whiteslip_app")

    code = (
        "from django.db import connection\n"
        "with connection.cursor() as cursor:\n"
        "    cursor.execute('SELECT seen FROM left_for_the_other')\n"
        "    print(cursor.fetchone())"
    )
    other = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
        cwd=paths.CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert other.stdout.strip() == "(7,)"
    assert connection.settings_dict["NAME"] == fresh_database
