"""Whoever approves has just proved who they are, and loses nothing on the way there."""

import datetime as dt
from decimal import Decimal

import pyotp
import pytest
import time_machine
from django.test import Client

from apps.access.actions import approvals, factors
from apps.access.actions.approvals import Subject
from apps.access.domain import presence
from apps.access.models import ApprovalRequest
from tests.factories.access import AT, PASSWORD, person

MINUTE = dt.timedelta(minutes=1)
DECISION = {"verdict": "reject", "reason": "The facts say otherwise"}


def asked() -> ApprovalRequest:
    payload = {"role": "agent", "second_factor": True, "idle_minutes": None}
    return approvals.request(
        action="access.change_sign_in",
        subject=Subject("access.role", "agent"),
        amount=Decimal("0.00"),
        payload=payload,
        reason="More care",
        by=person("adam"),
        at=AT,
    )


@pytest.mark.parametrize(("minutes", "fresh"), [(0, True), (14.9, True), (15, False)])
def test_a_proof_is_fresh_for_a_while(minutes: float, fresh: bool) -> None:
    assert presence.is_fresh(AT, AT + minutes * MINUTE, 15 * MINUTE) is fresh
    assert not presence.is_fresh(None, AT, 15 * MINUTE)


@pytest.mark.django_db
def test_the_page_leads_to_the_proof_and_back_and_keeps_what_was_typed() -> None:
    person("cora", password=PASSWORD)
    page = f"/approvals/{asked().reference}/"
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.post("/login", {"username": "cora", "password": PASSWORD})
    with time_machine.travel(AT + 16 * MINUTE, tick=False):
        sent_away = client.post(f"{page}decide", DECISION)
        wrong = client.post(sent_away["Location"], {"password": "guess", "next": page})
        back = client.post(sent_away["Location"], {"password": PASSWORD, "next": page})
        again = client.get(page).content.decode()
        assert ApprovalRequest.objects.get().status == "requested"
        client.post(f"{page}decide", DECISION)

    assert sent_away["Location"] == f"/account/confirm?next={page}"
    assert "The password is wrong." in wrong.content.decode()
    assert back["Location"] == page
    assert "The facts say otherwise" in again
    assert 'value="reject" autofocus' in again
    assert ApprovalRequest.objects.get().status == "rejected"


@pytest.mark.django_db
def test_where_there_is_a_second_factor_the_password_proves_nothing() -> None:
    cora = person("cora", password=PASSWORD)
    app = pyotp.TOTP(factors.begin(user=cora, by=cora, at=AT))
    factors.confirm(user=cora, code=app.at(AT), by=cora, at=AT)
    path = f"/api/approvals/{asked().reference}/decide/"
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.force_login(cora)
    with time_machine.travel(AT + 20 * MINUTE, tick=False):
        refused = client.post(path, DECISION)
        with_password = client.post("/api/account/confirm/", {"password": PASSWORD})
        with_code = client.post("/api/account/confirm/", {"code": app.now()})
        decided = client.post(path, DECISION)

    assert (refused.status_code, refused.json()["code"]) == (403, "step_up_required")
    assert with_password.json()["code"] == "wrong_code"
    assert (with_code.status_code, decided.status_code) == (204, 200)


@pytest.mark.django_db
def test_second_factors_are_changed_by_whoever_has_just_proved_who_they_are() -> None:
    anna = person("anna")
    client = Client()
    with time_machine.travel(AT, tick=False):
        client.force_login(anna)
    with time_machine.travel(AT + 16 * MINUTE, tick=False):
        assert client.post("/account/factors/begin")["Location"] == "/account/confirm?next=/account/factors/"
        assert client.post("/api/account/factors/").json()["code"] == "step_up_required"
        assert client.get("/account/factors/").status_code == 200
