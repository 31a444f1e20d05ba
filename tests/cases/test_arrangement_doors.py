"""Arrangements through their pages, the page for customers, and the API."""

import datetime as dt
import json
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from apps.access.models import Lockout
from apps.cases.actions import signing
from apps.cases.models import Arrangement, Case, SigningLink
from apps.cases.queries import signing as links
from apps.customers.domain.contact import Channel
from apps.outreach import registry
from apps.outreach.actions import delivery
from apps.outreach.domain.delivery import Outgoing
from apps.outreach.models import Message
from tests.cases.conftest import NOON, TODAY
from tests.cases.test_arrangements import owing
from tests.factories import access, walls
from tests.factories import arrangements as factory
from tests.factories.arrangements import asked

D = Decimal
DAY = dt.timedelta(1)


@pytest.fixture
def case(closed_until_yesterday: None) -> Case:
    return owing()


def client(username: str = "leo") -> Client:
    made = Client()
    made.force_login(access.person(username))
    return made


@pytest.fixture(autouse=True)
def noon() -> object:
    with time_machine.travel(NOON, tick=False):
        yield


TERMS = {"first_date": "2026-05-18", "instalments": "2", "forgiven": "300.00"}


def test_the_calculator_shows_every_kind_side_by_side_and_proposes_one(case: Case) -> None:
    page = client().post(f"/cases/{case.reference}/arrangement/", TERMS | {"does": "compare"})

    options = {option.kind: option for option in page.context["options"]}
    assert [str(kind) for kind in options] == ["payment_plan", "settlement", "re_age", "hardship_plan"]
    assert options["settlement"].quote.total == D("700.00")
    assert options["hardship_plan"].sentence == "A hardship plan needs what the customer earns and spends."
    assert not Arrangement.objects.exists()

    sent = client().post(
        f"/cases/{case.reference}/arrangement/", TERMS | {"does": "propose", "kind": "settlement", "reason": "Ill"}
    )
    made = Arrangement.objects.get()
    assert (sent.status_code, made.kind, made.total, made.approval.amount) == (
        302, "settlement", D("700.00"), D("300.00"),
    )  # fmt: skip
    inbox = client("dora").get(f"/approvals/{made.approval.reference}/").content.decode()
    assert "Late fees to come" in inbox
    assert "<dd>Settlement</dd>" in inbox
    shown = client("anna").get(f"/cases/arrangements/{made.reference}/").content.decode()
    assert "350.00" in shown
    assert "Proposed" in shown
    assert made.reference in client("anna").get("/cases/arrangements/?kind=settlement").content.decode()
    assert made.reference in client("anna").get(f"/cases/{case.reference}/").content.decode()


def test_what_is_typed_wrong_is_told_where_it_was_typed(case: Case) -> None:
    page = client().post(f"/cases/{case.reference}/arrangement/", {"does": "propose", "instalments": "61"})

    assert {"first_date", "instalments", "kind", "reason"} <= set(page.context["form"].errors)
    late = TERMS | {"does": "propose", "kind": "payment_plan", "reason": "x", "first_date": "2026-05-01"}
    said = client().post(f"/cases/{case.reference}/arrangement/", late).content.decode()
    assert "The first payment 2026-05-01 is in the past: the business date is 2026-05-11." in said


def approved(case: Case) -> Arrangement:
    return factory.approved(factory.proposed(case, asked("payment_plan", TODAY + 7 * DAY, 2), at=NOON), at=NOON)


def test_a_customer_signs_under_a_link_once(case: Case) -> None:
    made = approved(case)
    client().post(f"/cases/arrangements/{made.reference}/link/")
    link, message = SigningLink.objects.get(), Message.objects.get()
    address = links.address(link.reference)
    path = address[address.index("/sign/") :]
    assert (message.reference, message.status) == (link.message_reference, "planned")
    assert "{link}" in message.body
    assert links.token(link) not in message.body

    visitor = Client()
    page = visitor.get(path)
    assert page.status_code == 200
    assert "500.00" in page.content.decode()
    assert case.customer.name.clear not in page.content.decode()
    assert visitor.post(path, {}).status_code == 200  # nothing is ticked
    assert Arrangement.objects.get().status == "approved"

    signed = visitor.post(path, {"agrees": "on"})
    made.refresh_from_db()
    assert "Thank you, it is signed." in signed.content.decode()
    assert (made.status, made.signature, made.signed_date) == ("active", "link", TODAY)
    assert visitor.get(path).status_code == 410


def test_home_and_the_search_box_lead_to_it(case: Case) -> None:
    made = approved(case)

    assert "Arrangement to be signed" in client().get("/").content.decode()
    assert client("anna").get("/find", {"q": made.reference.lower()})["Location"] == (
        f"/cases/arrangements/{made.reference}/"
    )


def test_a_link_expires_with_the_day_for_the_signature_and_a_new_one_ends_the_old(case: Case) -> None:
    made = approved(case)
    first = signing.send_link(arrangement=made, by=access.person("leo"), at=NOON)
    second = signing.send_link(arrangement=made, by=access.person("leo"), at=NOON + dt.timedelta(minutes=1))

    assert not links.is_good(SigningLink.objects.get(pk=first.pk), NOON + dt.timedelta(minutes=2))
    assert second.expires_at == dt.datetime(2026, 5, 18, 16, tzinfo=dt.UTC)
    with time_machine.travel(second.expires_at, tick=False):
        assert Client().get(f"/sign/{links.token(second)}/").status_code == 410


def test_a_made_up_link_opens_nothing_and_too_many_shut_the_door(case: Case) -> None:
    visitor = Client()
    said = [visitor.get(f"/sign/AR-C-1-1-1:guess{number}/") for number in range(31)]

    assert {answer.status_code for answer in said} == {404}
    assert "This link is not one of ours." in said[0].content.decode()
    assert "There were too many failed attempts." in said[-1].content.decode()
    assert Lockout.objects.get().failures == 30


def test_the_address_is_worked_out_when_the_message_is_sent(case: Case, sent_messages: list[str]) -> None:
    link = signing.send_link(arrangement=approved(case), by=access.person("leo"), at=NOON)

    delivery.deliver(channel=Channel(Message.objects.get().channel), by=access.BOOTSTRAP, at=NOON + DAY)

    assert links.token(link) in sent_messages[0]


@pytest.fixture
def sent_messages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a provider of every channel was handed."""
    bodies: list[str] = []

    class Keeps:
        name = "keeps"

        def send(self, messages: Sequence[Outgoing]) -> Iterator[str]:
            for message in messages:
                bodies.append(message.body)
                yield message.reference

    monkeypatch.setattr(registry, "_providers", {channel: Keeps() for channel in Channel})
    return bodies


def test_the_api_reckons_proposes_signs_and_takes_back(case: Case) -> None:
    api = client()
    body = {"case": case.reference, "first_date": "2026-05-18", "instalments": 2, "income": "9000.00"}

    options = api.post("/api/arrangements/calculation/", body, content_type="application/json").json()
    assert [(one["kind"], one["total"]) for one in options][0] == ("payment_plan", "1000.00")
    made = api.post(
        "/api/arrangements/", body | {"kind": "payment_plan", "reason": "Ill"}, content_type="application/json"
    )
    assert (made.status_code, len(made.json()["parts"])) == (201, 2)
    again = api.post(
        "/api/arrangements/", body | {"kind": "payment_plan", "reason": "Ill"}, content_type="application/json"
    )
    assert (again.status_code, again.json()["detail"]) == (409, "AR-C-1-1 is not over yet: withdraw it first.")
    factory.approved(Arrangement.objects.get(), at=NOON)
    address = "/api/arrangements/AR-C-1-1/"
    assert api.post(f"{address}link/").json()["reference"] == "AR-C-1-1-1"
    signed = api.post(f"{address}recording/", {"recording": "REC-7"}, content_type="application/json")
    assert (signed.json()["status"], signed.json()["signature"]) == ("active", "recording")
    refused = api.post(f"{address}withdrawal/", {"reason": "x"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "move_forbidden")


def test_an_agency_and_ones_own_account_see_nothing_of_it(case: Case) -> None:
    made = approved(case)
    agency = walls.agency()
    gina = walls.agent(agency)
    ours = access.person("otto", customer_reference=case.customer.reference)

    for user in (gina, ours):
        visitor = Client()
        visitor.force_login(user)
        assert visitor.get(f"/cases/arrangements/{made.reference}/").status_code == 404
        assert made.reference not in visitor.get("/cases/arrangements/").content.decode()
        assert json.dumps(made.reference) not in visitor.get("/api/arrangements/").content.decode()
    walls.placed(case.customer, agency)
    visitor = Client()
    visitor.force_login(gina)
    assert visitor.get(f"/cases/arrangements/{made.reference}/").status_code == 200
    assert visitor.get(f"/cases/{case.reference}/arrangement/").status_code == 403
    assert re.search("Who agreed", visitor.get(f"/cases/arrangements/{made.reference}/").content.decode())
