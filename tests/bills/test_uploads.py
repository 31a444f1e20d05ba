"""Files of repayments that are uploaded: by the page and over the API, taken in the background."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.bills import tasks
from apps.bills.models import Bill, Intake, Repayment
from apps.customers.models import Customer
from config import celery
from tests.factories import access

pytestmark = pytest.mark.django_db
Buy = Callable[..., Bill]
LINES = "reference,customer,received_date,amount\nR1,C-1,2026-05-01,100.00\nR2,C-1,2026-05-01,0\nX1,,2026-05-01,7.00\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Uploads lie in a folder of the test's own, and nobody listens to the broker."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(celery.app.conf, "broker_url", "memory://")
    return tmp_path / "intakes"


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def upload(client: Client, text: str = LINES, name: str = "bank.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, text.encode(), content_type="text/csv")
    return client.post(reverse("bills:intakes"), {"file": file, **more})


def test_an_uploaded_file_is_taken_in_the_background_and_thrown_away(
    customer: Customer, buy: Buy, folder: Path
) -> None:
    buy("P1", dt.date(2026, 4, 10), "1000.00")
    theo = signed_in("theo")

    answer = upload(theo)
    intake = Intake.objects.get()
    before = theo.get(answer.headers["Location"]).content.decode()
    kept = list(folder.iterdir())
    tasks.take_what_waits()
    after = theo.get(answer.headers["Location"], headers={"HX-Request": "true"}).content.decode()

    assert answer.headers["Location"] == reverse("bills:intake", args=(intake.reference,))
    assert (intake.file_name, intake.started_by) == ("bank.csv", access.person("theo").actor_id)
    assert 'hx-trigger="every 2s"' in before
    assert 'hx-trigger="every 2s"' not in after
    assert "0 is not above zero." in after
    assert len(kept) == 1
    assert list(folder.iterdir()) == []
    assert Repayment.objects.get().amount == 100


def test_the_refusals_are_downloaded_as_csv_and_kept_in_the_trail(customer: Customer) -> None:
    theo = signed_in("theo")
    upload(theo)
    tasks.take_what_waits()

    answer = theo.get(reverse("bills:intake_refusals", args=(Intake.objects.get().reference,)))

    assert answer.getvalue().decode("utf-8-sig").splitlines() == [
        "file,row,column,reason",
        "bank.csv,3,amount,0 is not above zero",
    ]


def test_a_file_that_is_no_table_says_so_on_its_page(customer: Customer) -> None:
    theo = signed_in("theo")
    answer = upload(theo, 'reference,customer,received_date,amount\nR1,"C-1')
    tasks.take_what_waits()

    page = theo.get(answer.headers["Location"]).content.decode()

    assert Intake.objects.get().state == "refused"
    assert "bank.csv, row 2: not a CSV row" in page


def test_the_same_file_while_it_waits_is_the_same_intake(folder: Path) -> None:
    theo = signed_in("theo")

    first, second = upload(theo), upload(theo)

    assert first.headers["Location"] == second.headers["Location"]
    assert len(list(folder.iterdir())) == 1


def test_a_file_of_another_kind_is_refused_by_the_form() -> None:
    answer = upload(signed_in("theo"), name="bank.xlsx")

    assert "neither in .csv nor in .parquet" in answer.content.decode()
    assert not Intake.objects.exists()


def test_a_bad_row_refuses_the_whole_file_where_that_was_asked(customer: Customer) -> None:
    upload(signed_in("theo"), is_whole="on")
    tasks.take_what_waits()

    assert (Intake.objects.get().state, Repayment.objects.count()) == ("refused", 0)


def test_an_agent_may_not_take_files() -> None:
    assert upload(signed_in("anna")).status_code == 403


def test_the_api_takes_a_file_and_tells_how_far_it_is(customer: Customer) -> None:
    theo = signed_in("theo")

    sent = theo.post("/api/intakes/", {"file": SimpleUploadedFile("bank.csv", LINES.encode())})
    address = f"/api/intakes/{sent.json()['reference']}/"
    waiting = theo.get(address).json()
    tasks.take_intake(sent.json()["reference"])
    taken = theo.get(address).json()

    assert (sent.status_code, waiting["state"], waiting["done"]) == (202, "staging", 0)
    assert {name: taken[name] for name in ("state", "rows", "created", "parked", "refused")} == {
        "state": "done", "rows": 3, "created": 1, "parked": 1, "refused": 1,
    }  # fmt: skip
    assert taken["refusals"] == [{"row": 3, "column": "amount", "reason": "0 is not above zero"}]


def test_the_api_wants_a_file() -> None:
    answer = signed_in("theo").post("/api/intakes/", {"is_whole": "true"})

    assert answer.status_code == 400
