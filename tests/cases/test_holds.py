"""Holds: who places, extends and lifts them; what stands still meanwhile in the close, at the gate, in the account."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from apps.access.models import User
from apps.bills.models import Pause
from apps.cases.actions import contacts, holds
from apps.cases.domain import holds as rules
from apps.cases.domain.holds import KINDS, Days, HoldKind, HoldStatus, Placer, Stop
from apps.cases.domain.status import Outcome
from apps.cases.models import Case, Hold, StageMove, Task
from apps.cases.queries import holds as queries
from apps.closing.actions import days
from apps.closing.models import Day
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.domain.contact import Channel
from apps.outreach.actions import outbox
from apps.outreach.domain.wanted import Wanted
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import gate
from tests.cases.conftest import NOON, TODAY
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(1)
DUE = dt.date(2026, 3, 31)
SYSTEM = System("close")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def leo(db: None) -> User:
    return access.person("leo")


def imposed(case: Case, kind: HoldKind, days: int | None = None) -> Hold:
    return holds.impose(
        customer=case.customer, kind=kind, reason="Told us.", evidence="Letter 1", days=days, by=SYSTEM, at=NOON
    )


@pytest.mark.parametrize("kind", list(HoldKind))
def test_each_kind_is_placed_by_whom_its_row_says_and_for_so_long(case: Case, anna: User, kind: HoldKind) -> None:
    terms, leo = KINDS[kind], access.person("leo")
    told: dict[str, Any] = {
        "customer": case.customer,
        "kind": kind,
        "reason": "Told us.",
        "evidence": "Letter 1",
        "at": NOON,
    }

    if terms.placed_by is not Placer.AGENT:
        with pytest.raises(Forbidden):
            holds.place(by=anna, **told)
    if terms.placed_by is Placer.SYSTEM:
        with pytest.raises(Forbidden, match="comes and goes with what it is for"):
            holds.place(by=leo, **told)
        return
    by = anna if terms.placed_by is Placer.AGENT else leo
    hold = holds.place(by=by, **told)

    assert hold.reference == "H-C-1-1"
    assert hold.end_date == (None if terms.default is None else TODAY + terms.default * DAY)
    assert hold.review_date == TODAY + (terms.default or terms.review) * DAY
    if terms.lifted_by is Placer.DECIDER:
        with pytest.raises(Forbidden, match="Anna An may not do this"):
            holds.lift(hold=hold, reason="Over.", by=anna, at=NOON)
    holds.lift(hold=hold, reason="Over.", by=leo, at=NOON)
    with pytest.raises(Refused, match="Hold H-C-1-1 is over already"):
        holds.lift(hold=hold, reason="Again.", by=leo, at=NOON)


@pytest.mark.parametrize(
    ("kind", "days", "sentence"),
    [
        (HoldKind.HARDSHIP, 0, "A hold lasts a day at least, not 0."),
        (HoldKind.HARDSHIP, 181, "Such a hold lasts 180 days at most, extensions included."),
        (HoldKind.BREATHING_SPACE, 59, "Such a hold lasts 60 days, neither more nor fewer."),
        (HoldKind.BREATHING_SPACE, 61, "Such a hold lasts 60 days, neither more nor fewer."),
    ],
)
def test_a_hold_that_lasts_too_long_or_too_short_is_refused(
    case: Case, leo: User, kind: HoldKind, days: int, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        holds.place(customer=case.customer, kind=kind, reason="x", evidence="x", days=days, by=leo, at=NOON)

    assert str(refusal.value) == sentence


def test_a_hold_without_reason_or_document_is_refused(case: Case, leo: User) -> None:
    with pytest.raises(Refused, match="A hold needs a reason"):
        holds.place(customer=case.customer, kind=HoldKind.FRAUD, reason=" ", by=leo, at=NOON)
    with pytest.raises(Refused, match="rests on a document: say which"):
        holds.place(customer=case.customer, kind=HoldKind.BANKRUPTCY, reason="Court.", by=leo, at=NOON)


def test_two_of_a_kind_share_no_day_and_those_of_two_kinds_may(case: Case) -> None:
    first = imposed(case, HoldKind.HARDSHIP)
    with pytest.raises(Refused, match="H-C-1-1 is such a hold and in force already"):
        imposed(case, HoldKind.HARDSHIP)
    imposed(case, HoldKind.DISPUTE)

    with pytest.raises(IntegrityError, match="no_overlap"), transaction.atomic():
        Hold.objects.filter(pk=first.pk).update(kind="dispute")
    holds.release(hold=first, reason="Over.", by=SYSTEM, at=NOON)
    assert imposed(case, HoldKind.HARDSHIP).reference == "H-C-1-3"  # the one lifted on its first day held none


def test_a_hold_is_extended_within_what_its_kind_allows(case: Case, leo: User) -> None:
    hold = imposed(case, HoldKind.HARDSHIP)

    holds.extend(hold=hold, days=30, reason="Still ill.", by=leo, at=NOON)

    hold.refresh_from_db()
    assert hold.end_date == hold.review_date == TODAY + 60 * DAY
    assert [(one.start_date, one.end_date) for one in Pause.objects.order_by("start_date")] == [
        (TODAY, TODAY + 30 * DAY),
        (TODAY + 30 * DAY, TODAY + 60 * DAY),
    ]
    with pytest.raises(Refused, match="180 days at most"):
        holds.extend(hold=hold, days=121, reason="Still ill.", by=leo, at=NOON)
    with pytest.raises(Refused, match="More time needs a reason"):
        holds.extend(hold=hold, days=1, reason=" ", by=leo, at=NOON)
    space = imposed(case, HoldKind.BREATHING_SPACE)
    with pytest.raises(Refused, match="is not extended; lift it"):
        holds.extend(hold=space, days=1, reason="More.", by=leo, at=NOON)
    dispute = imposed(case, HoldKind.DISPUTE)
    with pytest.raises(Refused, match="lasts until it is lifted"):
        holds.extend(hold=dispute, days=1, reason="More.", by=leo, at=NOON)


def test_every_move_of_a_hold_and_none_other() -> None:
    allowed = {(now, to) for now, after in rules.MOVES.items() for to in after}

    assert allowed == {(HoldStatus.IN_FORCE, HoldStatus.LIFTED), (HoldStatus.IN_FORCE, HoldStatus.EXPIRED)}


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ([], [(0, 10)]),
        ([(-5, 0)], [(0, 10)]),
        ([(10, 12)], [(0, 10)]),
        ([(0, 10)], []),
        ([(-1, 11)], []),
        ([(-1, 3)], [(3, 10)]),
        ([(7, 12)], [(0, 7)]),
        ([(3, 7)], [(0, 3), (7, 10)]),
        ([(7, 8), (2, 3)], [(0, 2), (3, 7), (8, 10)]),
        ([(3, None)], [(0, 3)]),
        ([(0, None)], []),
    ],
)
def test_days_that_others_do_not_cover(others: list[tuple[int, int | None]], left: list[tuple[int, int]]) -> None:
    def days(start: int, end: int | None) -> Days:
        return Days(TODAY + start * DAY, None if end is None else TODAY + end * DAY)

    assert rules.uncovered(days(0, 10), [days(*one) for one in others]) == [days(*one) for one in left]


def test_the_account_stands_still_as_long_as_one_of_its_holds_says_so(case: Case) -> None:
    dispute, hardship = imposed(case, HoldKind.DISPUTE), imposed(case, HoldKind.HARDSHIP)
    assert [(one.reason, one.end_date) for one in Pause.objects.all()] == [("dispute", None)]

    holds.release(hold=dispute, reason="Rejected.", by=SYSTEM, at=NOON + 2 * DAY)

    standing = Pause.objects.filter(cancelled_at=None).order_by("start_date")
    assert [(one.reason, one.start_date) for one in standing] == [("hardship", TODAY)]
    holds.release(hold=hardship, reason="Over.", by=SYSTEM, at=NOON)
    assert not Pause.objects.filter(cancelled_at=None).exists()


def test_tasks_are_put_aside_and_come_back_when_the_last_hold_is_lifted(case: Case) -> None:
    task = factory.task(case)
    dispute, fraud = imposed(case, HoldKind.DISPUTE), imposed(case, HoldKind.FRAUD)
    task.refresh_from_db()
    assert task.status == "held"

    holds.release(hold=dispute, reason="Rejected.", by=SYSTEM, at=NOON)
    task.refresh_from_db()
    assert task.status == "held"
    holds.release(hold=fraud, reason="None.", by=SYSTEM, at=NOON)

    task.refresh_from_db()
    assert (task.status, task.due_date) == ("open", TODAY)


@pytest.fixture
def late(db: None) -> Case:
    """In the agents' stage since day 5, with a task for day 6, which is the business date."""
    customer = reachable(reference="C-1")
    bills.bought(customer, bills.terms(deferred_days=4), DUE - 4 * DAY, "1000.00")
    Day.objects.create(date=DUE + 4 * DAY, status="closed", partitions=1, started_at=NOON, closed_at=NOON)
    close_through(5)
    return Case.objects.get()


def close_through(day: int) -> None:
    days.close_through(DUE + day * DAY, partitions=1, by=SYSTEM, at=NOON)


def tasks() -> list[tuple[int, str]]:
    rows = Task.objects.order_by("due_date").values_list("due_date", "status")
    return [((due - DUE).days, status) for due, status in rows]


def test_the_close_makes_no_task_in_a_hold_ends_it_by_its_date_and_brings_tasks_back(late: Case) -> None:
    hold = imposed(late, HoldKind.BROKEN_CONTACT, days=2)
    assert tasks() == [(6, "held")]

    close_through(6)
    assert tasks() == [(6, "held")]
    close_through(7)
    assert tasks() == [(8, "open")]

    hold.refresh_from_db()
    late.refresh_from_db()
    assert (hold.status, hold.ended_by, late.held_days) == ("expired", "system:close", 2)


@pytest.mark.parametrize("kind", [HoldKind.ARRANGEMENT, HoldKind.DISPUTE])
def test_a_case_in_a_hold_stays_where_it_is_without_messages_and_goes_on_from_there(late: Case, kind: HoldKind) -> None:
    hold = imposed(late, kind)
    messages = Message.objects.count()
    close_through(10)
    assert StageMove.objects.count() == 1
    assert (tasks(), Message.objects.count()) == ([(6, "held")], messages)

    holds.release(hold=hold, reason="Over.", by=SYSTEM, at=NOON)
    assert tasks() == [(11, "open")]
    close_through(14)

    move = StageMove.objects.get(from_stage="agent_contact")
    assert (move.to_stage, move.moved_date) == ("social", DUE + 13 * DAY)  # the eighth day that counts
    assert Message.objects.filter(purpose="social").count() == 1


def test_the_gate_says_no_in_a_hold_to_a_call_and_says_why(case: Case, anna: User) -> None:
    imposed(case, HoldKind.HARDSHIP, days=3)

    answer = gate.explain(case.customer, Channel.CALL, NOON)

    assert answer.reasons == ("hold-hardship",)
    assert answer.sentences == ("The customer is in hardship: a hold lets nobody contact them.",)
    assert answer.next_allowed_at == dt.datetime(2026, 5, 14, 0, tzinfo=dt.UTC)  # 08:00 in Shanghai
    with pytest.raises(Refused, match="The customer may not be called: The customer is in hardship"):
        contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=anna, at=NOON)


def test_a_night_s_messages_are_blocked_in_a_hold_with_the_decision_kept(case: Case) -> None:
    imposed(case, HoldKind.DISPUTE)
    want = Wanted(
        case.customer_id, "auto_reminder", "auto_reminder", (Channel.SMS,), TODAY, TODAY, case.balance, "CNY", 3
    )

    with transaction.atomic():
        planned = outbox.plan(wanted=[want], by=SYSTEM, at=NOON)

    assert (planned.planned, planned.blocked) == (0, 1)
    assert Message.objects.get().status == "blocked"
    decision = GateDecision.objects.get()
    assert decision.reasons == "hold-dispute"
    assert "hold-dispute@1" in decision.rules


def test_an_arrangement_stops_tasks_and_messages_and_lets_us_speak_with_the_customer(case: Case) -> None:
    imposed(case, HoldKind.ARRANGEMENT)

    assert gate.explain(case.customer, Channel.CALL, NOON).is_allowed
    assert list(queries.held(Case.objects.all(), TODAY, Stop.TASKS)) == [case]
    assert not queries.held(Case.objects.all(), TODAY, Stop.CONTACTS)
    assert list(queries.free(Case.objects.all(), TODAY - DAY)) == [case]


def test_a_case_without_next_step_is_an_orphan_until_a_hold_says_when_it_is_looked_at(case: Case, leo: User) -> None:
    assert not queries.orphans(leo, TODAY)  # a later stage will come
    last = case.strategy.steps.order_by("-position")[0]
    Case.objects.filter(pk=case.pk).update(stage=last.code)
    assert list(queries.orphans(leo, TODAY)) == [case]

    imposed(case, HoldKind.DECEASED)

    assert not queries.orphans(leo, TODAY)


def test_nobody_places_a_hold_on_their_own_account_or_behind_a_wall(case: Case, leo: User) -> None:
    leo.customer_reference = case.customer.reference
    with pytest.raises(Forbidden, match="Nobody works on their own account"):
        holds.place(customer=case.customer, kind=HoldKind.HARDSHIP, reason="Mine.", by=leo, at=NOON)
