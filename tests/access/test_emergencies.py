"""Break-glass: a role taken for hours, loud, marked in the trail, taken back by itself and reviewed by a controller."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from apps.access import registry, tasks
from apps.access.actions import approvals, delegations, emergencies
from apps.access.actions.approvals import Subject
from apps.access.actions.delegations import Days
from apps.access.domain.approval import Verdict
from apps.access.domain.delegation import Scope
from apps.access.domain.emergency import Finding
from apps.access.models import ApprovalDecision, ApprovalRequest, Delegation, Emergency, Role
from apps.access.queries import emergencies as queries
from apps.access.queries import people
from apps.audit.queries import trail
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.factories.access import AT, person

pytestmark = pytest.mark.django_db
ACTION = "bills.write_off"
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def writing_off() -> Any:
    before = dict(registry._controlled)
    registry.controlled(
        ACTION, label="Write off", facts=lambda payload: {"fees_only": True}, execute=lambda request, *, by, at: None
    )
    yield
    registry._controlled.clear()
    registry._controlled.update(before)


def ask(amount: str = "1000.00", by: str = "anna") -> ApprovalRequest:
    return approvals.request(
        action=ACTION, subject=Subject("bills.bill", "B-1", "C-1"), amount=Decimal(amount), payload={},
        reason="Goodwill", by=person(by), at=AT,
    )  # fmt: skip


def take(who: str = "leo", role: str = "manager", hours: int = 2, reason: str = "Maya is in hospital") -> Emergency:
    return emergencies.take(role=role, hours=hours, reason=reason, by=person(who), at=AT)


def review(found: Emergency, who: str = "cora", note: str = "Nobody else was there.") -> Emergency:
    return emergencies.review(
        reference=found.reference, finding=Finding.JUSTIFIED, note=note, by=person(who), at=AT + 3 * HOUR
    )


def test_whoever_took_a_role_acts_in_it_and_everything_is_marked() -> None:
    made, taken = ask(), take()

    approvals.decide(reference=made.reference, verdict=Verdict.APPROVE, by=person("leo"), at=AT + HOUR)

    entry = trail.operations().filter(action="access.approvals.decide").order_by("-seq").first()
    assert entry is not None
    assert entry.acting_role == f"manager+team_lead+emergency:{taken.reference}"
    assert [row.action for row in queries.operations(taken)] == ["access.approvals.decide", "access.emergencies.take"]


def test_the_rules_hold_in_an_emergency_too() -> None:
    take()

    with pytest.raises(Forbidden, match="Whoever made a request never decides it"):
        approvals.decide(reference=ask(by="leo").reference, verdict=Verdict.APPROVE, by=person("leo"), at=AT)


def test_a_role_ends_with_its_hours_before_anybody_looks_and_is_taken_back_by_whoever_does() -> None:
    made, taken = ask(), take()

    with pytest.raises(Forbidden, match="The rule asks for Manager; you hold none of these roles"):
        approvals.decide(reference=made.reference, verdict=Verdict.APPROVE, by=person("leo"), at=AT + 2 * HOUR)
    with pytest.raises(IntegrityError, match="the hours of the role manager are over"), transaction.atomic():
        ApprovalDecision.objects.create(
            request=made, decided_by=person("leo"), role="manager", verdict="approve", decided_at=AT + 2 * HOUR
        )
    ended = [emergencies.end_overdue(by=System("test"), at=AT + hours * HOUR) for hours in (1, 2, 3)]

    assert ended == [0, 1, 0]
    assert people.roles_of(person("leo")) == ["team_lead"]
    assert queries.state(Emergency.objects.get(pk=taken.pk), AT.date()) == "unreviewed"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": " "}, "An emergency needs a reason."),
        ({"hours": 13}, "A role is taken for 1 to 12 hours."),
        ({"role": "team_lead"}, "Leo Li holds the role Team lead already."),
        ({"role": "wizard"}, "There is no role “wizard”."),
        ({"role": "auditor"}, "Leo Li holds the role Team lead, which may not meet Auditor in one person."),
    ],
)
def test_what_may_not_be_taken_is_told_why(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        take(**changes)

    assert (refusal.value.sentence, refusal.value.is_recorded) == (sentence, True)


def test_one_at_a_time_and_never_lent_on() -> None:
    taken = take()

    with pytest.raises(Refused, match=f"Your emergency {taken.reference} is still live"):
        take(role="treasury")
    with pytest.raises(Forbidden, match="A role taken in an emergency is not delegated"):
        delegations.give(
            role="manager", receiver=person("maya"), scope=Scope(), days=Days(AT.date(), AT.date()), reason="x",
            by=person("leo"), at=AT,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="is not delegated"), transaction.atomic():
        Delegation.objects.create(
            reference="D-X", grant=taken.grant, receiver=person("dora"), start_date=AT.date(),
            end_date=AT.date() + dt.timedelta(1), reason="Raw", made_at=AT,
        )  # fmt: skip


def test_a_controller_who_is_neither_the_person_nor_below_them_closes_it_once_it_is_over() -> None:
    taken = take()
    person("carl", role="compliance", reports_to=person("leo"))

    with pytest.raises(Refused, match="is still live"):
        review(taken)
    emergencies.end(reference=taken.reference, by=person("leo"), at=AT + HOUR)
    with pytest.raises(Forbidden, match="Nobody reviews their own emergency"):
        review(taken, "leo")
    with pytest.raises(Forbidden, match="You report to Leo Li and so may not review this"):
        review(taken, "carl")
    with pytest.raises(Refused, match="says what was found"):
        review(taken, note=" ")
    with pytest.raises(IntegrityError, match="is reviewed by whoever took it"), transaction.atomic():
        Emergency.objects.update(reviewed_by=person("leo"), reviewed_at=AT, finding="justified")
    assert queries.state(Emergency.objects.get(), AT.date() + dt.timedelta(2)) == "overdue"
    review(taken)
    with pytest.raises(Refused, match="is reviewed already"):
        review(taken)
    with pytest.raises(IntegrityError, match="changed after the fact"), transaction.atomic():
        Emergency.objects.update(note="Otherwise")


def test_the_controllers_are_written_to_once(settings: Any) -> None:
    settings.CONTROL_EMAILS = ["control@lender.example"]
    taken = take()

    with time_machine.travel(AT, tick=False):
        told = [tasks.mind_emergencies() for _ in range(2)]

    assert told == [1, 0]
    assert [(sent.subject, sent.to) for sent in mail.outbox] == [
        (f"Emergency {taken.reference}: a role was taken", ["control@lender.example"])
    ]
    assert "Leo Li took the role manager" in str(mail.outbox[0].body)


def signed_in(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def test_an_emergency_from_the_form_to_its_review(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "alarm", lambda: None)
    typed = {"role": "manager", "hours": 2, "reason": "Maya is in hospital"}
    with time_machine.travel(AT, tick=False):
        leo, cora = signed_in("leo"), signed_in("cora")
        assert "Take the role" in leo.get("/emergencies/take").content.decode()
        taken = leo.post("/emergencies/take", typed, follow=True)
        reference = taken.context["emergency"].reference
        assert "You act in a role taken in an emergency" in leo.get("/").content.decode()
        seen = cora.get("/").content.decode()
        assert "Leo Li acts in a role taken in an emergency" in seen
        assert "Emergencies to review" in seen
        assert signed_in("maya").get(f"/emergencies/{reference}/").status_code == 404
    with time_machine.travel(AT + 2 * HOUR, tick=False):
        cora = signed_in("cora")
        assert "acts in a role taken" not in cora.get("/").content.decode()
        page = cora.get(f"/emergencies/{reference}/").content.decode()
        assert "access.emergencies.take" in page
        closed = cora.post(
            f"/emergencies/{reference}/", {"finding": "unjustified", "note": "He could have waited."}, follow=True
        )
    assert "He could have waited." in closed.content.decode()


def test_an_emergency_over_the_api(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "alarm", lambda: None)
    with time_machine.travel(AT, tick=False):
        leo, cora = signed_in("leo"), signed_in("cora")
        sent = {"role": "manager", "hours": 2, "reason": "Maya is in hospital"}
        made = leo.post("/api/emergencies/", sent, content_type="application/json")
        ended = leo.post(f"/api/emergencies/{made.json()['reference']}/end/")
        closed = cora.post(
            f"/api/emergencies/{made.json()['reference']}/review/",
            {"finding": "justified", "note": "Nobody else was there."},
            content_type="application/json",
        )
        refused = leo.post(f"/api/emergencies/{made.json()['reference']}/end/")

    assert (made.status_code, made.json()["state"]) == (201, "live")
    assert (ended.json()["state"], closed.json()["state"], closed.json()["reviewed_by"]) == (
        "unreviewed", "reviewed", "cora",
    )  # fmt: skip
    assert (refused.status_code, refused.json()["code"]) == (409, "over")
    assert Role.objects.filter(permissions__contains=["control.watch"]).count() == 2
