"""Complaints: their clock, who may handle one, their answer, and every move that is refused."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import User
from apps.audit.models import Operation
from apps.cases.actions import complaints, retention
from apps.cases.domain.complaints import MOVES, ComplaintChannel, ComplaintStatus, Finding, RootCause, Topic
from apps.cases.models import Case, Complaint
from apps.cases.queries import complaints as queries
from apps.cases.queries import retention as kept
from apps.core.domain.refusal import Forbidden, Refused
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory
from tests.factories.customers import customer

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cora(db: None) -> User:
    return access.person("cora")


def recorded(case: Case, by: User, **said: Any) -> Complaint:
    said = {"channel": ComplaintChannel.CALL, "topic": Topic.CONDUCT, "text": "Was shouted at."} | said
    return complaints.record(customer=case.customer, by=by, at=NOON, **said)


def handled(case: Case, handler: User, **said: Any) -> Complaint:
    complaint = recorded(case, access.person("anna"), **said)
    return complaints.give(complaint=complaint, handler=handler, by=handler, at=NOON)


def answered(complaint: Complaint, by: User, **said: Any) -> Complaint:
    said = {"finding": Finding.UPHELD, "root_cause": RootCause.PERSON, "answer": "We are sorry."} | said
    return complaints.answer(complaint=complaint, by=by, at=NOON, **said)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(access.person(username))
    return client


def test_the_clock_runs_from_the_day_it_came_and_is_lengthened_by_its_handler_and_by_an_approval(
    case: Case, cora: User
) -> None:
    complaint = handled(case, cora, received_date=TODAY - 3 * DAY)
    assert (complaint.due_date, complaint.reference) == (TODAY + 12 * DAY, "CP-C-1-1")

    complex_ = complaints.call_complex(complaint=complaint, reason="Recordings to be heard.", by=cora, at=NOON)
    assert complex_.due_date == TODAY + 27 * DAY

    asked = complaints.request_extension(complaint=complaint, reason="Carrier is slow.", by=cora, at=NOON)
    with pytest.raises(Refused, match=f"asked for already: {asked.reference}"):
        complaints.request_extension(complaint=complaint, reason="Again.", by=cora, at=NOON)
    with pytest.raises(Forbidden):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=cora, at=NOON)
    approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=NOON)

    complaint.refresh_from_db()
    assert (complaint.term, complaint.due_date, complaint.extension) == ("extended", TODAY + 57 * DAY, asked)
    assert Operation.objects.get(action="cases.extend_complaint").authority == f"approval:{asked.reference}"


def test_an_extension_without_its_approval_is_refused_by_the_database(case: Case, cora: User) -> None:
    complaint = handled(case, cora)

    with pytest.raises(IntegrityError, match="extended_by_approval"):
        Complaint.objects.filter(pk=complaint.pk).update(term="extended")


def test_an_answer_before_the_decision_makes_the_extension_void(case: Case, cora: User) -> None:
    complaint = handled(case, cora)
    asked = complaints.request_extension(complaint=complaint, reason="Carrier is slow.", by=cora, at=NOON)
    answered(complaint, cora)

    with pytest.raises(Refused):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=NOON)

    complaint.refresh_from_db()
    asked.refresh_from_db()
    assert (complaint.term, asked.status) == ("standard", "void")


@pytest.mark.parametrize(
    ("handler", "about", "sentence"),
    [
        ("leo", "leo", "is whom the complaint is about"),
        ("leo", "maya", "reports to whom the complaint is about"),
        ("leo", "anna", "is the superior of whom the complaint is about"),
        ("anna", None, "does not handle complaints"),
    ],
)
def test_nobody_with_an_interest_handles_it(case: Case, handler: str, about: str | None, sentence: str) -> None:
    subject = access.person(about) if about else None
    complaint = recorded(case, access.person("sena"), about=subject)

    with pytest.raises(Refused, match=sentence):
        complaints.give(complaint=complaint, handler=access.person(handler), by=access.person("cora"), at=NOON)

    assert access.person(handler) not in queries.handlers(complaint)
    assert Operation.objects.filter(action="cases.give_complaint", decision="deny").count() == 1


def test_whoever_worked_on_the_case_does_not_handle_it(case: Case) -> None:
    leo = access.person("leo")
    complaint = recorded(case, access.person("anna"))
    factory.contact(case, recorded_by=leo)

    with pytest.raises(Forbidden, match="has worked on the case"):
        complaints.give(complaint=complaint, handler=leo, by=leo, at=NOON)
    assert {person.username for person in queries.handlers(complaint)} == {"maya"}


def test_the_database_itself_keeps_a_complaint_from_its_subject(case: Case, cora: User) -> None:
    complaint = handled(case, cora)

    with pytest.raises(IntegrityError, match="handler_is_not_its_subject"):
        Complaint.objects.filter(pk=complaint.pk).update(about=cora)


def test_a_contact_names_the_case_and_whom_it_is_about(case: Case, anna: User) -> None:
    spoken = factory.contact(case, recorded_by=anna)
    complaint = recorded(case, access.person("sena"), contact=spoken)

    assert (complaint.case, complaint.about) == (case, anna)
    other = factory.case(customer(reference="C-2"))
    with pytest.raises(Refused, match="not one of C-2"):
        complaints.record(
            customer=other.customer, contact=spoken, channel=ComplaintChannel.CALL, topic=Topic.OTHER, text="x",
            by=anna, at=NOON,
        )  # fmt: skip


def test_an_answer_says_what_was_found_and_reopening_begins_the_clock_anew(case: Case, cora: User) -> None:
    complaint = handled(case, cora, received_date=TODAY - 20 * DAY)
    with pytest.raises(Refused, match="has a cause"):
        answered(complaint, cora, root_cause=RootCause.NONE)
    with pytest.raises(Forbidden, match="by its handler"):
        answered(complaint, access.person("maya"))

    done = answered(complaint, cora)
    assert (done.status, done.answered_date, done.answered_by) == ("answered", TODAY, cora)
    assert '"days_late":5' in Operation.objects.get(action="cases.answer_complaint", decision="allow").detail

    again = complaints.reopen(complaint=complaint, reason="Wants an apology in writing.", by=cora, at=NOON)
    assert (again.status, again.handler, again.due_date) == ("open", None, TODAY + 15 * DAY)
    assert again.answer == "We are sorry."


@pytest.mark.parametrize("status", list(ComplaintStatus))
@pytest.mark.parametrize("to", list(ComplaintStatus))
def test_every_move_that_is_not_drawn_is_refused(case: Case, cora: User, status: str, to: str) -> None:
    complaint = handled(case, cora)
    if status == "answered":
        answered(complaint, cora)
    if status == "withdrawn":
        complaints.withdraw(complaint=complaint, reason="Said so on the phone.", by=cora, at=NOON)
    moves = {
        "open": lambda: complaints.reopen(complaint=complaint, reason="Again.", by=cora, at=NOON),
        "answered": lambda: answered(complaint, cora),
        "withdrawn": lambda: complaints.withdraw(complaint=complaint, reason="Letter.", by=cora, at=NOON),
    }

    if to in MOVES[ComplaintStatus(status)]:
        assert moves[to]().status == to
    else:
        with pytest.raises(Refused):
            moves[to]()
        complaint.refresh_from_db()
        assert complaint.status == status


def test_rates_are_of_contacts_without_what_was_taken_back(case: Case, cora: User, anna: User) -> None:
    for _ in range(4):
        factory.contact(case, recorded_by=anna, contacted_date=TODAY)
    answered(handled(case, cora, about=anna), cora)
    taken_back = handled(case, cora, about=anna)
    complaints.withdraw(complaint=taken_back, reason="A mistake.", by=cora, at=NOON)
    handled(case, cora, about=anna, received_date=TODAY - 90 * DAY)

    (rate,) = queries.by_person(TODAY)
    assert (rate.name, rate.complaints, rate.upheld, rate.contacts) == ("Anna An", 1, 1, 4)
    assert str(rate.per_thousand) == "250.0"


def test_bad_input_is_named(case: Case, anna: User) -> None:
    for said, sentence in (
        ({"text": "  "}, "says what it is about"),
        ({"received_date": TODAY + DAY}, "2026-05-12 has not come yet"),
    ):
        with pytest.raises(Refused, match=sentence):
            recorded(case, anna, **said)
    assert not Complaint.objects.exists()


def test_the_subject_does_not_read_what_is_said_about_them(case: Case) -> None:
    complaint = recorded(case, access.person("anna"), about=access.person("leo"))

    assert signed_in("leo").get(reverse("cases:complaint", args=[complaint.reference])).status_code == 404
    assert signed_in("maya").get(reverse("cases:complaint", args=[complaint.reference])).status_code == 200
    assert signed_in("anna").get(reverse("cases:complaints")).status_code == 403


def test_the_pages_lead_from_the_customer_to_the_answer(case: Case) -> None:
    anna, cora = signed_in("anna"), signed_in("cora")
    body = {"channel": "call", "received_date": "2026-05-11", "topic": "fees", "about": "", "text": "Too much."}
    assert anna.post(reverse("cases:record_complaint", args=["C-1"]), body).status_code == 302
    complaint = Complaint.objects.get()

    listed = cora.get(reverse("cases:complaints")).content.decode()
    assert complaint.reference in listed
    assert "1 overdue" not in cora.get("/").content.decode()
    handler = {"handler": access.person("cora").pk}
    assert cora.post(reverse("cases:give_complaint", args=[complaint.reference]), handler).status_code == 302
    refused = cora.post(
        reverse("cases:answer_complaint", args=[complaint.reference]),
        {"finding": "upheld", "root_cause": "none", "answer": "Sorry."},
    )
    assert "What is upheld has a cause." in refused.content.decode()
    assert Complaint.objects.get().status == "open"
    said = {"finding": "not_upheld", "root_cause": "none", "answer": "The fee is as agreed."}
    assert cora.post(reverse("cases:answer_complaint", args=[complaint.reference]), said).status_code == 302
    page = cora.get(reverse("cases:complaint", args=[complaint.reference])).content.decode()
    assert "The fee is as agreed." in page
    assert "Fees and interest" in cora.get(reverse("cases:complaint_rates")).content.decode()


def test_the_api_does_what_the_pages_do(case: Case) -> None:
    anna, cora = signed_in("anna"), signed_in("cora")
    made = anna.post(
        "/api/complaints/",
        {"customer": "C-1", "channel": "regulator", "topic": "privacy", "text": "My boss knows."},
        content_type="application/json",
    )
    assert (made.status_code, made.json()["due_date"]) == (201, "2026-05-26")
    address = f"/api/complaints/{made.json()['reference']}/"

    assert anna.get(address).status_code == 403
    given = cora.post(f"{address}handler/", {"handler": "cora"}, content_type="application/json")
    assert given.json()["handler"] == "cora"
    longer = cora.post(f"{address}complex/", {"reason": "Many calls."}, content_type="application/json")
    assert longer.json()["due_date"] == "2026-06-10"
    asked = cora.post(f"{address}extension/", {"reason": "More."}, content_type="application/json")
    assert (asked.status_code, asked.json()["action"]) == (201, "cases.extend_complaint")
    said = {"finding": "upheld", "root_cause": "person", "answer": "It was wrong.", "remedy": "The note is gone."}
    assert cora.post(f"{address}answer/", said, content_type="application/json").json()["status"] == "answered"
    twice = cora.post(f"{address}answer/", said, content_type="application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "complaint_not_open")


def test_a_complaint_is_kept_until_it_is_answered_and_its_texts_are_erased(case: Case, cora: User) -> None:
    complaint = handled(case, cora)
    Case.objects.update(status="closed", closed_date=TODAY, close_reason="cured")
    assert kept.objection(case.customer) == "A complaint of C-1 is not answered yet."

    answered(complaint, cora, remedy="A refund.")
    assert kept.objection(case.customer) is None
    assert retention.clear(case.customer, by=cora, at=NOON) == 1

    complaint.refresh_from_db()
    assert (complaint.text, complaint.answer, complaint.remedy, complaint.finding) == ("", "", "", "upheld")
