"""The commands of the book, and the contexts that jobs and requests give to what they do."""

import csv
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import registry, tasks
from apps.audit.domain.envelope import Channel, Context
from apps.audit.middleware import RequestContext
from apps.audit.models import Operation
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


def days() -> tuple[str, str, str, str]:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    return "--from", str(today - dt.timedelta(1)), "--to", str(today)


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
    assert after.keys() == {"events", "sealed", "lag_seconds", "unattributed", "last_checkpoint"}
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


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_an_export_holds_every_event_once_and_is_two_operations(
    fresh_database: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    add_teams(12_000)
    out = tmp_path / f"book.{kind}"

    found = run(capsys, "audit_export", *days(), "--format", kind, str(out))

    assert found["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert found["bytes"] == out.stat().st_size
    leaves = leaves_of(out, kind)
    numbers = [int(json.loads(leaf)["seq"]) for leaf in leaves]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == found["events"] > 12_000
    begun, ended = Operation.objects.filter(action__startswith="export.").order_by("seq")
    assert (begun.action, ended.action, ended.decision) == ("export.create", "export.done", "allow")
    assert json.loads(ended.detail) == {
        "export": str(begun.seq), "rows": found["events"], "bytes": found["bytes"], "sha256": found["sha256"],
    }  # fmt: skip


def leaves_of(path: Path, kind: str) -> list[str]:
    if kind == "parquet":
        return [str(leaf) for leaf in pq.read_table(path).column("leaf").to_pylist()]
    with path.open(encoding="utf-8", newline="") as file:
        return [row["leaf"] for row in csv.DictReader(file)] if kind == "csv" else file.read().splitlines()


def test_an_export_overwrites_nothing_and_leaves_no_half_file(fresh_database: str, tmp_path: Path) -> None:
    taken = tmp_path / "book.jsonl"
    taken.write_text("mine")

    with pytest.raises(CommandError, match="exists already"):
        call_command("audit_export", *days(), str(taken))
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("audit_export", *days(), str(tmp_path / "nowhere" / "book.jsonl"))
    with pytest.raises(CommandError, match="before the first"):
        call_command("audit_export", "--from", "2026-02-02", "--to", "2026-02-01", str(tmp_path / "x"))

    assert [path.name for path in tmp_path.iterdir()] == ["book.jsonl"]
    assert taken.read_text() == "mine"
    assert not Operation.objects.filter(action__startswith="export.").exists()


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
