"""Holds: who places, extends and lifts them; what stands still meanwhile in the close, at the gate, in the account."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.access.models import User
from apps.bills.models import Pause
from apps.cases.actions import holds
from apps.cases.domain import holds as rules
from apps.cases.domain.holds import KINDS, Days, HoldKind, HoldStatus, Placer, Stop
from apps.cases.models import Case, Hold
from apps.closing.models import Day
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory

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


def test_nobody_places_a_hold_on_their_own_account_or_behind_a_wall(case: Case, leo: User) -> None:
    leo.customer_reference = case.customer.reference
    with pytest.raises(Forbidden, match="Nobody works on their own account"):
        holds.place(customer=case.customer, kind=HoldKind.HARDSHIP, reason="Mine.", by=leo, at=NOON)


FEES = st.sampled_from([kind.value for kind, terms in KINDS.items() if Stop.FEES in terms.stops])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(FEES, st.integers(0, 2), st.booleans()), max_size=6))
def test_in_any_order_the_account_is_paused_on_the_days_of_its_holds_and_no_others(
    case: Case, events: list[tuple[str, int, bool]]
) -> None:
    before = transaction.savepoint()
    for code, later, lifts in events:
        last = TODAY + later * DAY - DAY
        Day.objects.get_or_create(
            date=last, defaults={"status": "closed", "partitions": 1, "started_at": NOON, "closed_at": NOON}
        )
        standing = Hold.objects.filter(customer=case.customer, kind=code, status="in_force").first()
        if standing and lifts:
            holds.release(hold=standing, reason="Over.", by=SYSTEM, at=NOON)
        elif not standing:
            imposed(case, HoldKind(code))

        spans = list(Hold.objects.values_list("start_date", "end_date"))
        pauses = [one.span for one in Pause.objects.filter(cancelled_at=None)]
        for day in (TODAY + number * DAY for number in range(200)):
            held = any(start <= day and (end is None or day < end) for start, end in spans)
            assert held == any(span.holds(day) for span in pauses), (day, events)
    transaction.savepoint_rollback(before)
