"""What stands still in a hold: in the close, at the gate, in the reports."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.db import transaction

from apps.access.models import User
from apps.cases.actions import contacts, holds
from apps.cases.domain.holds import HoldKind, Stop
from apps.cases.domain.status import Outcome
from apps.cases.models import Case, Hold, StageMove, Task
from apps.cases.queries import holds as queries
from apps.cases.queries import orphans
from apps.closing.actions import days
from apps.closing.models import Day
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.outreach.actions import outbox
from apps.outreach.domain.wanted import Wanted
from apps.outreach.models import GateDecision, Message
from apps.outreach.queries import gate
from tests.cases.conftest import NOON, TODAY
from tests.factories import access, bills
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
    assert not orphans.of(leo, TODAY)  # a later stage will come
    last = case.strategy.steps.order_by("-position")[0]
    Case.objects.filter(pk=case.pk).update(stage=last.code)
    assert list(orphans.of(leo, TODAY)) == [case]

    imposed(case, HoldKind.DECEASED)

    assert not orphans.of(leo, TODAY)
