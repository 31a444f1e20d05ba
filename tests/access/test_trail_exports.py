"""Exports of the trail that people ask for, on the page and over the API."""

import datetime as dt
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest
import verify
from django.core.management import call_command
from django.db import IntegrityError, connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from apps.access import tasks
from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import Team, TrailExport
from apps.access.queries import trail_exports
from apps.audit import actions as audit
from apps.audit.actions import erasure
from apps.audit.models import Operation
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from tests.factories.access import person

AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def book(fresh_database: str, settings: Settings, tmp_path: Path) -> str:
    """A database of the test's own, in which Leo added a team, with keys and exports of its own."""
    settings.AUDIT_KEY_FILE = str(tmp_path / "audit.pem")
    settings.AUDIT_ANCHORS = str(tmp_path)
    settings.AUDIT_EXPORTS = str(tmp_path / "exports")
    with audit.operation("test.cast", by=System("test"), at=AT):
        for username in ("leo", "otto", "cora", "dora", "olga"):
            person(username, **({"role": "auditor"} if username == "olga" else {}))
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


@pytest.fixture
def customers(book: str) -> None:
    """Two customers, of one of whom the values beside the trail are erased."""
    with audit.operation("customers.add", by=System("test"), at=AT):
        kept, gone = (
            Customer.objects.create(reference=f"C-{n}", name=name, joined_date=AT.date())
            for n, name in enumerate(("Amber Fig", "Basil Gone"))
        )
        kept.name = "Amber Grape"
        kept.save(update_fields=["name"])
    erasure.erase(subjects=[f"customers.customer:{gone.pk}"], ticket="A-0", by=System("test"), at=AT)


def agreed(export: TrailExport) -> None:
    for username in ("dora", "cora"):
        approvals.decide(reference=export.approval, verdict=Verdict.APPROVE, by=person(username), at=timezone.now())


@pytest.mark.parametrize("kind", ["jsonl", "csv"])
def test_personal_data_leave_in_clear_once_agreed_to(customers: None, tmp_path: Path, kind: str) -> None:
    otto = client("otto")
    otto.post("/audit/exports/new", wish(is_clear="on", file_format=kind, action="customers."))
    export = TrailExport.objects.get()
    page = otto.get(f"/audit/exports/{export.reference}").content.decode()
    assert (export.state, export.approval in page, tasks.export_what_waits.apply().get()) == ("asked", True, 0)

    agreed(export)
    left = trail_exports.path(export).with_name(f".{export.reference}.zip.killed")
    left.mkdir(parents=True)
    assert tasks.export_what_waits.apply().get() == 1

    export.refresh_from_db()
    path = trail_exports.path(export)
    assert list(path.parent.iterdir()) == [path]
    found = verify.check(path)
    assert (export.state, found.faults) == ("done", [])
    assert "4 personal values are those that the events commit to." in found.proven
    with zipfile.ZipFile(path) as package:
        values = [json.loads(line) for line in package.read("personal.jsonl").splitlines()]
        rest = b"".join(package.read(name) for name in package.namelist() if name != "personal.jsonl")
    assert [(value["field"], value.get("old_clear"), value.get("new_clear")) for value in values] == [
        ("identity", None, None), ("name", None, '"Amber Fig"'), ("profile", None, None),
        ("name", '"Amber Fig"', '"Amber Grape"'),
    ]  # fmt: skip
    assert b"Amber" not in rest
    revealed = Operation.objects.get(action="trail.reveal")
    assert (revealed.authority, revealed.reason) == (f"approval:{export.approval}", "Yearly audit")
    assert json.loads(revealed.detail)["values"] == 4
    begun = Operation.objects.get(action="export.create")
    assert (begun.authority, json.loads(begun.detail)["filters"]["personal"]) == (
        f"approval:{export.approval}", "clear",
    )  # fmt: skip
    olga = Client()
    olga.force_login(person("olga", role="auditor"))
    assert olga.get(f"/audit/exports/{export.reference}/file").status_code == 403
    taken = otto.get(f"/audit/exports/{export.reference}/file")
    assert b"".join(taken.streaming_content) == path.read_bytes()  # type: ignore[attr-defined]

    altered = tmp_path / "altered"
    shutil.unpack_archive(path, altered)
    text = (altered / "personal.jsonl").read_text()
    (altered / "personal.jsonl").write_text(text.replace('"new":"\\"~', '"new":"\\"!'))
    assert " of personal.jsonl is not what line" in verify.check(altered).faults[0]
    (altered / "personal.jsonl").write_text(text.splitlines(keepends=True)[0])
    assert "names 4 personal values and holds 1" in verify.check(altered).faults[0]
    (altered / "personal.jsonl").unlink()
    assert "personal.jsonl is missing" in verify.check(altered).faults[0]


def test_personal_data_stay_where_nobody_agreed(customers: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "export_trail_in_clear", "--from", "2026-01-01", "--to", today(), "--purpose", "A claim.", "--by", "otto"
    )
    export = TrailExport.objects.get()
    assert export.approval in capsys.readouterr().out
    with pytest.raises(Refused, match="never decides it"):
        approvals.decide(reference=export.approval, verdict=Verdict.APPROVE, by=person("otto"), at=timezone.now())
    approvals.decide(
        reference=export.approval, verdict=Verdict.REJECT, reason="Not needed.", by=person("cora"), at=timezone.now()
    )

    assert tasks.export_what_waits.apply().get() == 0
    assert "Rejected" in client("otto").get(f"/audit/exports/{export.reference}").content.decode()
    body = wish(is_clear=True, file_format="jsonl")
    asked = client("otto").post("/api/audit/exports/", body, content_type="application/json").json()
    assert (asked["state"], asked["is_clear"], asked["approval"][:2]) == ("asked", True, "A-")
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError, match="by an operation alone"):
            cursor.execute("SELECT audit.reveal('A-1', '{1}')")
        with (
            pytest.raises(IntegrityError, match=f"{asked['approval']} is no approved request"),
            audit.operation("test.reveal", by=System("test"), at=AT),
        ):
            cursor.execute("SELECT audit.reveal(%s, '{1}')", [asked["approval"]])
