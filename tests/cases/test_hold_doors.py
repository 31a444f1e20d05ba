"""The pages and endpoints of holds and disputes."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from apps.bills.models import Bill
from apps.cases.actions import disputes, holds
from apps.cases.domain.disputes import Ground
from apps.cases.domain.holds import HoldKind
from apps.cases.models import Case, Contact, Dispute, Hold
from apps.cases.queries import disputes as dispute_queries
from apps.cases.queries import hold_tiles
from apps.cases.queries import holds as hold_queries
from apps.core.domain.refusal import Forbidden
from tests.cases.conftest import NOON, TODAY
from tests.factories import access, walls

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def api(username: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(access.person(username))
    return client


def test_an_agent_places_a_hold_and_a_lead_extends_and_lifts_it(case: Case) -> None:
    anna, leo = signed_in("anna"), signed_in("leo")
    place = reverse("cases:place_hold", args=["C-1"])
    assert "Bankruptcy" not in anna.get(place).content.decode()

    answer = anna.post(place, {"kind": "hardship", "reason": "Lost her job.", "days": "", "evidence": ""})
    assert answer["Location"] == reverse("cases:case", args=[case.reference])
    page = anna.get(answer["Location"]).content.decode()
    assert "Lost her job." in page
    assert "a hold lets nobody contact them" in page
    assert "held: Hardship" in anna.get(reverse("cases:worklist")).content.decode()
    assert reverse("cases:lift_hold", args=["H-C-1-1"]) not in page
    refused = anna.post(reverse("cases:lift_hold", args=["H-C-1-1"]), {"reason": "Over."})
    assert refused.status_code == 403

    leo.post(reverse("cases:extend_hold", args=["H-C-1-1"]), {"days": 10, "reason": "Still looking."})
    assert Hold.objects.get().end_date == TODAY + 40 * DAY
    too_long = leo.post(reverse("cases:extend_hold", args=["H-C-1-1"]), {"days": 400, "reason": "Longer."})
    assert "Such a hold lasts 180 days at most" in too_long.content.decode()
    leo.post(reverse("cases:lift_hold", args=["H-C-1-1"]), {"reason": "Found work."})
    assert Hold.objects.get().status == "lifted"
    assert "Found work." in leo.get(reverse("cases:case", args=[case.reference])).content.decode()


@pytest.mark.parametrize(
    ("outcome", "address"),
    [("dispute", "/customers/C-1/dispute/?contact="), ("hardship", "/customers/C-1/hold/?kind=hardship")],
)
def test_a_call_that_ends_in_a_dispute_or_hardship_leads_to_its_form(case: Case, outcome: str, address: str) -> None:
    anna = signed_in("anna")

    answer = anna.post(reverse("cases:record_contact", args=[case.reference]), {"outcome": outcome, "note": "Says so."})

    assert address in answer["Location"]
    assert anna.get(answer["Location"]).status_code == 200


def test_a_dispute_goes_from_the_call_to_its_decision(case: Case) -> None:
    anna, leo = signed_in("anna"), signed_in("leo")
    anna.post(reverse("cases:record_contact", args=[case.reference]), {"outcome": "dispute", "note": "Never came."})
    bill = Bill.objects.get()
    record = reverse("cases:record_dispute", args=["C-1"]) + f"?contact={Contact.objects.get().pk}"
    said = {"ground": "not_delivered", "amount": "300.00", "bills": bill.reference, "text": "It never came."}
    anna.post(record, {**said, "received_date": TODAY.isoformat()})
    dispute = Dispute.objects.get()

    page = anna.get(reverse("cases:dispute", args=[dispute.reference])).content.decode()
    assert "Anna An recorded the dispute" in page or "Anna An made the contact" in page
    anna.post(reverse("cases:document_dispute", args=[dispute.reference]), {"document": "Carrier 4711", "note": ""})
    leo.post(reverse("cases:want_evidence", args=[dispute.reference]), {"reason": "The number."})
    leo.post(reverse("cases:review_dispute", args=[dispute.reference]))
    decision = reverse("cases:decide_dispute", args=[dispute.reference])
    bare = leo.post(decision, {"verdict": "upheld", "answer": "Right.", "correction": ""})
    assert "What is upheld is put right" in bare.content.decode()
    leo.post(decision, {"verdict": "upheld", "answer": "Right.", "correction": "WV-1"})

    dispute.refresh_from_db()
    assert (dispute.status, dispute.bills.get().bill) == ("upheld", bill)
    assert "WV-1" in leo.get(reverse("cases:dispute", args=[dispute.reference])).content.decode()
    assert dispute.reference in leo.get(reverse("cases:disputes") + "?status=upheld").content.decode()


def test_the_desk_lists_the_first_due_first_and_the_home_page_counts_them(case: Case) -> None:
    anna, leo = access.person("anna"), access.person("leo")
    for back in (1, 30, 17):
        disputes.record(
            customer=case.customer, ground=Ground.OTHER, amount=Decimal(1), text="No.",
            received_date=TODAY - back * DAY, by=anna, at=NOON,
        )  # fmt: skip

    page = signed_in("leo").get(reverse("cases:disputes")).content.decode()

    order = sorted(Dispute.objects.values_list("reference", flat=True), key=page.index)
    assert order == ["D-C-1-2", "D-C-1-3", "D-C-1-1"]
    assert "overdue" in page
    tile = hold_tiles.disputes(leo)
    assert tile is not None
    assert (tile.value, tile.hint, tile.tone) == (3, "1 overdue, 1 due within 5 days", "bad")


def test_cases_without_a_next_step_are_shown_and_counted(case: Case) -> None:
    leo = access.person("leo")
    tile = hold_tiles.orphans(leo)
    assert tile is not None
    assert (tile.value, tile.tone) == (0, "good")
    Case.objects.update(stage=case.strategy.steps.order_by("-position")[0].code)

    tile = hold_tiles.orphans(leo)
    assert tile is not None
    assert (tile.value, tile.tone) == (1, "bad")
    assert case.reference in signed_in("leo").get(reverse("cases:orphans")).content.decode()


def test_holds_over_the_api(case: Case) -> None:
    anna, leo = api("anna"), api("leo")
    bad = anna.post("/api/holds/", {"customer": "C-1", "kind": "weather", "reason": "x"}, format="json")
    assert bad.status_code == 400

    body = {"customer": "C-1", "kind": "adviser", "reason": "Helps.", "evidence": "Letter 1"}
    made = anna.post("/api/holds/", body, format="json")
    assert (made.status_code, made.json()["end_date"]) == (201, (TODAY + 30 * DAY).isoformat())
    assert anna.post("/api/holds/", body, format="json").status_code == 409
    more = leo.post("/api/holds/H-C-1-1/extension/", {"days": 5, "reason": "Slow."}, format="json")
    assert more.json()["end_date"] == (TODAY + 35 * DAY).isoformat()
    assert anna.post("/api/holds/H-C-1-1/lifting/", {"reason": "Over."}, format="json").json()["status"] == "lifted"
    assert [one["reference"] for one in anna.get("/api/holds/?kind=adviser").json()["results"]] == ["H-C-1-1"]


def test_disputes_over_the_api(case: Case) -> None:
    anna, leo = api("anna"), api("leo")
    bill = Bill.objects.get().reference
    body = {"customer": "C-1", "ground": "quality", "amount": "5.00", "text": "Broken.", "bills": [bill]}
    made = anna.post("/api/disputes/", body, format="json")
    assert (made.status_code, made.json()["bills"], made.json()["hold"]) == (201, [bill], "H-C-1-1")

    assert anna.post("/api/disputes/D-C-1-1/review/", format="json").status_code == 403
    shown = anna.post("/api/disputes/D-C-1-1/evidence/", {"document": "Photo 1"}, format="json")
    assert shown.status_code == 201
    assert leo.post("/api/disputes/D-C-1-1/wanted/", {"reason": "A photo."}, format="json").status_code == 200
    assert leo.post("/api/disputes/D-C-1-1/review/", {}, format="json").json()["handler"] == "leo"
    done = leo.post(
        "/api/disputes/D-C-1-1/decision/", {"verdict": "rejected", "answer": "It is as agreed."}, format="json"
    )
    assert (done.json()["status"], done.json()["evidence"][0]["document"]) == ("rejected", "Photo 1")
    again = leo.post("/api/disputes/D-C-1-1/withdrawal/", {"reason": "x"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "dispute_over")


def test_an_agency_sees_no_hold_or_dispute_of_a_customer_who_is_not_placed_with_it(case: Case) -> None:
    gina = walls.agent(walls.agency())
    anna = access.person("anna")
    holds.place(customer=case.customer, kind=HoldKind.FRAUD, reason="Says so.", by=anna, at=NOON)
    said = {"customer": case.customer, "ground": Ground.OTHER, "amount": Decimal(1), "text": "No."}
    disputes.record(**said, by=anna, at=NOON)  # type: ignore[arg-type]

    assert not hold_queries.visible_to(gina)
    assert not dispute_queries.visible_to(gina)
    with pytest.raises(Forbidden, match="C-1 lies behind a wall for you"):
        disputes.record(**said, by=gina, at=NOON)  # type: ignore[arg-type]
