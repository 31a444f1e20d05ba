import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.closing.actions import days
from apps.core.domain.actor import System
from tests.closing.conftest import FIRST, Steps
from tests.factories import access

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def leo() -> Client:
    client = Client()
    client.force_login(access.person("leo"))
    return client


def close(number: int) -> None:
    days.close(FIRST + dt.timedelta(number), partitions=1, by=System("close"), at=AT)


def test_a_close_is_shown_step_by_step(leo: Client, closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 41, "cases_opened": 12})
    close(0)

    listed = leo.get("/closes/").content.decode()
    one = leo.get("/closes/2026-05-01/").content.decode()
    answer = leo.get("/api/closes/2026-05-01/").json()

    assert "/closes/2026-05-01/" in listed
    assert "<dt>Cases opened</dt><dd>12</dd>" in one
    assert answer["steps"][0]["rows"] == 41
    assert answer["counts"] == {"cases_opened": 12}
    assert leo.get("/closes/2026-05-02/").status_code == 404
    assert leo.get("/closes/2026-02-30/").status_code == 404


def test_the_shell_shows_the_day_after_the_last_closed_one(leo: Client, closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 0})
    close(0)

    assert "2026-05-02" in leo.get("/closes/").content.decode()


@pytest.mark.parametrize("address", ["/closes/", "/api/closes/"])
def test_a_list_asks_as_often_for_one_day_as_for_three(leo: Client, closing_with: Steps, address: str) -> None:
    closing_with(age=lambda c: {"rows": 0})
    counts = []
    for number in range(3):
        close(number)
        with CaptureQueriesContext(connection) as statements:
            assert leo.get(address).status_code == 200
        counts.append(len(statements))

    assert counts[0] == counts[2]


def test_agents_do_not_see_the_closes() -> None:
    client = Client()
    client.force_login(access.person("anna"))

    assert client.get("/closes/").status_code == 403
    assert client.get("/api/closes/").status_code == 403
