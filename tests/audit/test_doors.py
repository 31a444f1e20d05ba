"""The commands of the book, and the contexts that jobs and requests give to what they do."""

import datetime as dt
import json
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import registry, tasks
from apps.audit.domain.envelope import Channel, Context
from apps.audit.middleware import RequestContext
from apps.core.domain.actor import System
from config.celery import app

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    call_command(*words, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def add_teams(count: int) -> None:
    with audit.operation("teams.add", by=BY, at=AT):
        Team.objects.bulk_create([Team(code=f"t-{n}", name=f"=Team {n}") for n in range(count)])


def test_the_status_counts_events_and_what_nobody_accounts_for(
    fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = run(capsys, "audit_status")
    add_teams(3)
    Team.objects.update(name="x")

    after = run(capsys, "audit_status")
    assert after["lag_seconds"] > before["lag_seconds"] > 0
    expected = {"events": before["events"] + 7, "unattributed": 3, "lag_seconds": after["lag_seconds"]}
    assert after == before | expected
    assert after.keys() == {
        "events", "sealed", "lag_seconds", "unattributed", "last_checkpoint", "anchors", "retired"
    }  # fmt: skip
    assert (after["sealed"], after["last_checkpoint"]) == (0, None)


def test_the_verification_ends_well_or_names_its_faults(
    fresh_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(capsys, "audit_verify")
    assert (found["ok"], found["faults"]) == (True, [])

    Team.objects.create(code="by-hand", name="By hand")
    with pytest.raises(SystemExit):
        call_command("audit_verify", "--json")
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], [fault["code"] for fault in found["faults"]]) == (False, ["unattributed"])

    tomorrow = timezone.localdate(timezone=timezone.get_default_timezone()) + dt.timedelta(2)
    assert run(capsys, "audit_verify", "--since", str(tomorrow))["ok"]


def test_a_job_has_a_context_of_its_own() -> None:
    seen = []

    @app.task(name="test.look")
    def look() -> None:
        seen.append(registry.current())

    look.apply(task_id="t-1", retries=2)

    assert seen == [Context("test.look:t-1", "", Channel.JOB, 3)]
    assert registry.current() == Context()


def test_the_daily_job_finds_the_partitions_made(fresh_database: str) -> None:
    assert tasks.prepare_partitions.apply().get() == 0


@pytest.mark.parametrize(("path", "channel"), [("/cases/", Channel.WEB), ("/api/cases/", Channel.API)])
def test_a_request_has_a_context_of_its_own(path: str, channel: Channel) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(registry.current())
        return HttpResponse()

    request = HttpRequest()
    request.path, request.META["REMOTE_ADDR"] = path, "10.0.0.7"
    answer = RequestContext(view)(request)

    assert (seen[0].address, seen[0].channel) == ("10.0.0.7", channel)
    assert answer["X-Request-ID"] == seen[0].request_id
    assert registry.current() == Context()
