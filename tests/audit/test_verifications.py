"""Whether the book is whole: asked for on the page, found by a job, kept in the trail, cried out on the home page."""

import json

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.connection import ConnectionDoesNotExist

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import tasks
from apps.audit.actions import sealing, verifications
from apps.audit.models import Operation, Verification
from apps.core.domain.actor import System
from config import celery
from tests.factories import access

BY = System("test")


@pytest.fixture(autouse=True)
def broker_of_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs go nowhere: the tests run them."""
    monkeypatch.setattr(celery.app.conf, "broker_url", "memory://")


def client(username: str) -> Client:
    found = Client()
    with audit.operation("test.arrange", by=BY, at=timezone.now()):
        found.force_login(access.person(username))
    return found


def seal() -> None:
    sealing.seal(by=BY, at=timezone.now())


def test_the_book_is_verified_on_request_and_by_night_and_alarms_are_loud(sealed_book: str) -> None:
    cora = client("cora")
    seal()
    assert "Nothing is wrong here" in cora.get("/audit/book/").content.decode()

    assert cora.post("/audit/book/verify").status_code == 302
    page = cora.get("/audit/book/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "Waiting" in page
    assert cora.post("/audit/book/verify").status_code == 409
    asked = Verification.objects.get()
    assert tasks.verify(asked.pk) == "whole"
    assert tasks.verify(asked.pk) == "begun_already"
    seal()

    page = cora.get("/audit/book/").content.decode()
    assert "The book is whole." in page
    assert "hx-get" not in page
    assert "Alarm" not in cora.get("/").content.decode()
    standing = cora.get("/api/audit/verifications/standing/").json()
    assert (standing["is_well"], standing["unattributed"], standing["missing_triggers"]) == (True, 0, 0)
    assert standing["verified"]["state"] == "whole"
    assert standing["sealed"] == standing["signed"] == standing["anchored"] > standing["verified"]["events"] - 10
    kept = Operation.objects.filter(object_type="audit.verification", decision="allow").order_by("seq")
    assert [operation.action for operation in kept] == [
        "audit.ask_verification", "audit.begin_verification", "audit.verify",
    ]  # fmt: skip
    assert kept[2].on_behalf_of == access.person("cora").actor_id
    assert json.loads(kept[2].detail)["state"] == "whole"

    Team.objects.create(code="by-hand", name="By hand")
    assert tasks.verify() == "faulty"
    home = cora.get("/").content.decode()
    assert "Alarm" in home
    assert "1 change has no operation. The last verification found faults." in home
    assert "1 changes were written outside every operation" in cora.get("/audit/book/").content.decode()


def test_the_api_asks_and_shows_what_was_found(sealed_book: str) -> None:
    dora = client("dora")
    seal()

    answer = dora.post("/api/audit/verifications/")
    assert (answer.status_code, answer.json()["state"], answer.json()["percent"]) == (202, "waiting", 0)
    assert dora.post("/api/audit/verifications/").json()["code"] == "verifying_already"
    assert client("anna").get("/api/audit/verifications/").status_code == 403
    assert client("anna").get("/audit/book/").status_code == 403

    asked = Verification.objects.get()
    with pytest.raises(ConnectionDoesNotExist):
        verifications.run(asked=asked, by=BY, at=timezone.now(), using="nowhere")
    found = dora.get(f"/api/audit/verifications/{asked.pk}/").json()
    assert (found["state"], found["broken_off"], found["faults"]) == ("broken_off", "ConnectionDoesNotExist", None)
    assert "The last verification broke off." in dora.get("/").content.decode()
