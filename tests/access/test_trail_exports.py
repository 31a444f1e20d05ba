"""Exports of the trail that people ask for, on the page and over the API."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
import verify
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.access import tasks
from apps.access.models import Team, TrailExport
from apps.access.queries import trail_exports
from apps.audit import actions as audit
from apps.audit.models import Operation
from apps.core.domain.actor import System
from tests.factories.access import person

AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def book(fresh_database: str, settings: Settings, tmp_path: Path) -> str:
    """A database of the test's own, in which Leo added a team, with keys and exports of its own."""
    settings.AUDIT_KEY_FILE = str(tmp_path / "audit.pem")
    settings.AUDIT_ANCHORS = str(tmp_path)
    settings.AUDIT_EXPORTS = str(tmp_path / "exports")
    with audit.operation("test.cast", by=System("test"), at=AT):
        for username in ("leo", "otto", "cora"):
            person(username)
    with audit.operation("teams.add", by=person("leo"), at=AT):
        Team.objects.create(code="east", name="The east")
    return fresh_database


def client(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def today() -> str:
    return str(timezone.localdate(timezone=timezone.get_default_timezone()))


def wish(**changes: Any) -> dict[str, Any]:
    return {"first_date": "2026-01-01", "last_date": today(), "file_format": "csv", "purpose": "Yearly audit"} | changes


def test_an_auditor_exports_what_they_filtered_and_hands_it_on(book: str, tmp_path: Path) -> None:
    otto = client("otto")
    page = otto.get("/audit/exports/new?actor=leo&recorded_from=2026-01-01&basis=rule:").content.decode()
    assert '<option value="rule:" selected>' in page
    assert 'value="leo"' in page
    assert 'value="2026-01-01"' in page

    asked = otto.post("/audit/exports/new", wish(actor="leo"))
    export = TrailExport.objects.get()
    assert (asked["Location"], export.state) == (f"/audit/exports/{export.reference}", "waiting")
    assert 'hx-trigger="every 2s"' in otto.get(asked["Location"]).content.decode()
    trail_exports.progress_path(export).parent.mkdir()
    trail_exports.progress_path(export).write_text("1 4")
    assert 'value="25"' in otto.get(asked["Location"], headers={"HX-Request": "true"}).content.decode()
    assert tasks.export_what_waits.apply().get() == 1

    page = otto.get(asked["Location"]).content.decode()
    assert "hx-trigger" not in page
    export.refresh_from_db()
    assert export.sha256 in page
    answer = otto.get(f"{asked['Location']}/file")
    (tmp_path / "taken.zip").write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert (verify.check(tmp_path / "taken.zip").faults, verify.check(tmp_path / "taken.zip").events) == ([], 2)
    trail = Operation.objects.filter(actor=person("otto").actor_id).order_by("seq")
    assert [operation.action for operation in trail if "export" in operation.action] == [
        "access.trail_exports.ask", "access.trail_exports.begin", "export.create", "export.done",
        "access.trail_exports.finish", "access.trail_exports.download",
    ]  # fmt: skip
    assert Operation.objects.get(action="export.create").reason == "Yearly audit"
    assert export.reference in client("cora").get("/audit/exports/").content.decode()


def test_an_export_over_the_api(book: str, tmp_path: Path) -> None:
    otto, asked = client("otto"), wish(file_format="jsonl", filters={"action": "teams."})

    answer = otto.post("/api/audit/exports/", asked, content_type="application/json")
    assert (answer.status_code, answer.json()["state"], answer.json()["percent"]) == (202, "waiting", 0)
    address = f"/api/audit/exports/{answer.json()['reference']}/"
    assert otto.get(f"{address}file/").status_code == 409
    tasks.export_trail.apply(args=(answer.json()["reference"],))

    found = otto.get(address).json()
    assert (found["state"], found["events"], found["percent"], found["failure"]) == ("done", 2, 100, "")
    content = io.BytesIO(b"".join(otto.get(f"{address}file/").streaming_content))  # type: ignore[attr-defined]
    (tmp_path / "taken.zip").write_bytes(content.read())
    assert verify.check(tmp_path / "taken.zip").faults == []
    wrong = otto.post("/api/audit/exports/", asked | {"filters": {"shoe": "1"}}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["filters"]) == (400, ["The export cannot be filtered so: shoe."])


def test_what_breaks_off_says_why_in_the_language_of_whoever_reads(book: str) -> None:
    otto = client("otto")
    otto.post("/audit/exports/new", wish(continues="elsewhere\n3\n"))
    export = TrailExport.objects.get()

    tasks.export_trail.apply(args=(export.reference,))

    page = otto.get(f"/audit/exports/{export.reference}").content.decode()
    assert "The earlier checkpoint cannot be used: this is not a signed note." in page
    export.refresh_from_db()
    assert (export.state, tasks.export_what_waits.apply().get()) == ("failed", 0)
    assert Operation.objects.get(action="export.done").decision == "error"


def test_a_wish_that_cannot_be_is_refused_in_the_form(book: str) -> None:
    otto = client("otto")

    page = otto.post("/audit/exports/new", wish(last_date="2025-01-01")).content.decode()
    assert "The last day lies before the first." in page
    assert 'value="Yearly audit"' in page
    assert "This field is required." in otto.post("/audit/exports/new", wish(purpose=" ")).content.decode()
    assert client("cora").post("/audit/exports/new", wish()).status_code == 403
    assert not TrailExport.objects.exists()
