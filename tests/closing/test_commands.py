import io
import json

import pytest
from django.core.management import CommandError, call_command

from apps.closing import queries
from apps.core.domain.refusal import Refused
from tests.closing.conftest import FIRST, Steps

KEYS = ["days", "seconds", "median_seconds", "steps", "cases_opened", "cases_advanced", "cases_closed"]
KEYS += ["tasks", "messages", "blocked"]


def close_day(*words: str) -> str:
    out = io.StringIO()
    call_command("close_day", *words, "--partitions", "1", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_the_summary_has_the_promised_keys(closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 2, "cases_opened": 1})

    summary = json.loads(close_day("--through", "2026-05-02", "--json"))

    assert list(summary) == KEYS
    assert (summary["days"], summary["cases_opened"], summary["tasks"]) == (2, 2, 0)
    assert [(step["name"], step["rows"]) for step in summary["steps"]] == [("age", 4)]


@pytest.mark.django_db
def test_people_read_what_was_closed(closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 2, "cases_opened": 1})

    text = close_day("--date", "2026-05-01")

    assert text.startswith("Closed 2026-05-01: 1 day in ")
    assert "1 cases opened, 0 cases advanced" in text
    assert close_day("--through", "2026-05-01") == "Nothing to close.\n"


@pytest.mark.django_db
def test_a_day_out_of_order_is_refused_and_nothing_is_closed(closing_with: Steps) -> None:
    closing_with(age=lambda c: {"rows": 0})

    with pytest.raises(Refused, match="2026-05-01 comes first"):
        close_day("--date", "2026-05-03")
    with pytest.raises(CommandError, match="is not a date"):
        close_day("--date", "yesterday")

    assert queries.next_day() == FIRST
