"""The close's steps, on books of one customer: bought on 27 March, due on 31 March."""

import datetime as dt
from decimal import Decimal

import pytest

from apps.bills.actions import repayments
from apps.bills.models import ProductTerms
from apps.cases.models import Case, Promise, StageMove, StrategyVersion, Task
from apps.closing.actions import days
from apps.closing.domain.result import Result
from apps.closing.domain.status import DayStatus
from apps.closing.models import Day
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from apps.outreach.models import Message
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

BY = System("close")
AT = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
DUE = dt.date(2026, 3, 31)
DAY = dt.timedelta(1)
D = Decimal

pytestmark = pytest.mark.django_db


def past_due(number: int) -> dt.date:
    """The day on which the first purchase is this many days past due."""
    return DUE + number * DAY


def close_through(date: dt.date, *, since: dt.date | None = None) -> Result:
    """Close every open day; the days before `since` are taken for closed: nights in which nothing would happen."""
    if since:
        Day.objects.create(date=since - DAY, status=DayStatus.CLOSED, partitions=1, started_at=AT, closed_at=AT)
    return days.close_through(date, partitions=1, by=BY, at=AT)


@pytest.fixture
def conditions() -> ProductTerms:
    return bills.terms(deferred_days=4)


@pytest.fixture
def customer(conditions: ProductTerms) -> Customer:
    """Owes 1000.00 since 31 March."""
    made = reachable(reference="C-1")
    bills.bought(made, conditions, DUE - 4 * DAY, "1000.00")
    return made


def tasks() -> list[tuple[str, int, str]]:
    """Step, days past due on which it is due, status."""
    rows = Task.objects.order_by("due_date", "id").values_list("step", "due_date", "status")
    return [(step, (due_date - DUE).days, status) for step, due_date, status in rows]


def moves() -> list[tuple[int, str, str, str]]:
    rows = StageMove.objects.order_by("id").values_list("days_past_due", "from_stage", "to_stage", "cause")
    return list(rows)


def test_a_case_is_opened_on_the_third_day_and_not_before(customer: Customer) -> None:
    close_through(past_due(2), since=past_due(1))
    assert not Case.objects.exists()

    done = close_through(past_due(3))

    case = Case.objects.get()
    assert (case.reference, case.status, case.stage, case.queue) == ("K-C-1-1", "open", "auto_reminder", "")
    assert (case.oldest_due_date, case.overdue_amount, case.balance) == (DUE, D("1000.00"), D("1000.00"))
    assert (case.opened_date, case.stage_date, case.priority) == (past_due(3), past_due(3), 600)
    assert done.counts["cases_opened"] == 1
    assert moves() == [(3, "", "auto_reminder", "opened")]


@pytest.mark.parametrize(
    ("before", "days", "after", "made"),
    [
        ("auto_reminder", 5, "agent_contact", [("agent_contact", "task", "agents")]),
        ("agent_contact", 8, "social", []),
        ("social", 31, "intensive", [("intensive", "task", "senior-agents")]),
        ("intensive", 61, "arbitration", [("arbitration", "review", "managers")]),
        ("arbitration", 91, "legal", [("legal", "review", "managers"), ("agency", "review", "managers")]),
        ("legal", 181, "write_off", [("write_off", "review", "committee")]),
    ],
)
def test_a_case_goes_from_tier_to_tier(
    customer: Customer, before: str, days: int, after: str, made: list[tuple[str, str, str]]
) -> None:
    done = close_through(past_due(days), since=past_due(days - 2))

    assert moves() == [(days - 2, "", before, "opened"), (days, before, after, "days_past_due")]
    assert (done.counts["cases_opened"], done.counts["cases_advanced"]) == (1, 1)
    of_the_new_stage = Task.objects.filter(due_date=past_due(days + 1)).order_by("id")
    assert list(of_the_new_stage.values_list("step", "kind", "queue")) == made


def test_the_tasks_of_a_tier_end_with_it(customer: Customer) -> None:
    close_through(past_due(9), since=past_due(3))
    close_through(past_due(32), since=past_due(29))
    close_through(past_due(62), since=past_due(60))

    assert moves() == [
        (3, "", "auto_reminder", "opened"),
        (5, "auto_reminder", "agent_contact", "days_past_due"),
        (8, "agent_contact", "social", "days_past_due"),
        (31, "social", "intensive", "days_past_due"),
        (61, "intensive", "arbitration", "days_past_due"),
    ]
    assert tasks() == [
        ("agent_contact", 6, "lapsed"),
        ("agent_contact", 7, "lapsed"),
        ("agent_contact", 8, "lapsed"),
        ("intensive", 32, "cancelled"),
        ("arbitration", 62, "open"),
    ]


def test_a_steady_day_writes_nothing(customer: Customer) -> None:
    close_through(past_due(12), since=past_due(10))

    done = close_through(past_due(13))

    assert {step.name: step.rows for step in done.steps} == dict.fromkeys([step.name for step in done.steps], 0)


def test_a_customer_who_pays_is_left_in_peace(customer: Customer) -> None:
    close_through(past_due(5), since=past_due(4))
    bills.paid(customer, past_due(6), "1000.00")

    done = close_through(past_due(6))

    case = Case.objects.get()
    assert (case.status, case.close_reason, case.closed_date) == ("closed", "cured", past_due(6))
    assert (case.overdue_amount, case.balance, case.priority) == (D("0.00"), D("0.00"), 0)
    assert done.counts["cases_closed"] == 1
    assert moves()[-1] == (0, "agent_contact", "", "cured")
    assert tasks() == [("agent_contact", 6, "cancelled")]


def test_who_falls_behind_again_gets_a_new_case(customer: Customer, conditions: ProductTerms) -> None:
    bills.bought(customer, conditions, past_due(5), "300.00")
    close_through(past_due(5), since=past_due(5))
    bills.paid(customer, past_due(6), "1000.00")

    close_through(past_due(6))
    close_through(past_due(12), since=past_due(11))

    assert list(Case.objects.order_by("id").values_list("reference", "status", "overdue_amount")) == [
        ("K-C-1-1", "closed", D("0.00")),
        ("K-C-1-2", "open", D("300.00")),
    ]


def test_a_part_paid_lowers_what_is_overdue_and_leaves_the_stage(customer: Customer, conditions: ProductTerms) -> None:
    bills.bought(customer, conditions, DUE, "300.00")
    close_through(past_due(8), since=past_due(8))
    bills.paid(customer, past_due(9), "1000.00")

    close_through(past_due(9))

    case = Case.objects.get()
    assert (case.stage, case.oldest_due_date) == ("social", DUE + 4 * DAY)  # five days past due, and not back
    assert (case.overdue_amount, case.balance, case.priority) == (D("300.00"), D("300.00"), 180)


def test_a_customer_who_is_very_late_at_once_enters_the_stage_of_the_days(customer: Customer) -> None:
    repayment = bills.paid(customer, past_due(0), "1000.00")
    close_through(past_due(70), since=past_due(69))
    assert not Case.objects.exists()
    repayments.reverse(repayment=repayment, reason="bounced", business_date=past_due(71), by=BY, at=AT)

    close_through(past_due(71))

    assert moves() == [(71, "", "arbitration", "opened")]
    assert tasks() == [("arbitration", 72, "open")]


def test_days_are_told_as_they_were_even_when_later_money_is_booked_already(customer: Customer) -> None:
    bills.paid(customer, past_due(4), "400.00")
    bills.paid(customer, past_due(7), "600.00")

    close_through(past_due(3), since=past_due(3))
    assert Case.objects.get().overdue_amount == D("1000.00")
    close_through(past_due(5))
    assert Case.objects.get().overdue_amount == D("600.00")
    close_through(past_due(7))
    assert Case.objects.get().status == "closed"


def test_an_agent_calls_each_day_until_the_customer_was_spoken_with(customer: Customer) -> None:
    close_through(past_due(5), since=past_due(5))
    factory.contact(Case.objects.get(), outcome="no_answer", contacted_date=past_due(6))
    close_through(past_due(6))
    factory.contact(Case.objects.get(), outcome="right_party", contacted_date=past_due(7))

    close_through(past_due(7))

    assert tasks() == [("agent_contact", 6, "lapsed"), ("agent_contact", 7, "lapsed")]


def test_an_open_promise_suspends_calls_and_messages(customer: Customer) -> None:
    close_through(past_due(5), since=past_due(5))
    factory.promise(Case.objects.get(), "500.00", past_due(20), made=past_due(6))

    close_through(past_due(10))

    assert tasks() == [("agent_contact", 6, "lapsed")]
    assert not Message.objects.filter(purpose="social").exists()


def test_a_task_goes_to_whom_the_case_belongs(customer: Customer) -> None:
    close_through(past_due(5), since=past_due(4))
    anna = access.person("anna")
    Case.objects.update(owner=anna)

    close_through(past_due(9))
    close_through(past_due(31), since=past_due(30))

    owners = Task.objects.order_by("due_date").values_list("step", "owner__username")
    assert list(owners) == [
        ("agent_contact", None),
        ("agent_contact", "anna"),
        ("agent_contact", "anna"),
        ("intensive", None),  # the senior agents' own
    ]
    assert Case.objects.get().owner is None


@pytest.mark.parametrize(
    ("payments", "closed_through", "status", "judged", "received"),
    [
        ({}, 10, "open", None, None),
        ({}, 11, "broken", 11, "0.00"),
        ({11: "500.00"}, 11, "kept", 11, "500.00"),  # the day of grace
        ({12: "500.00"}, 12, "broken", 11, "0.00"),
        ({7: "200.00", 9: "300.00"}, 8, "open", None, None),
        ({7: "200.00", 9: "300.00"}, 9, "kept", 9, "500.00"),
        ({7: "499.99"}, 11, "broken", 11, "499.99"),
        ({5: "500.00"}, 11, "broken", 11, "0.00"),  # before it was made
        ({7: "1000.00"}, 7, "kept", 7, "1000.00"),  # and the case is cured
    ],
)
def test_a_promise_is_judged_by_the_ledger(
    customer: Customer,
    payments: dict[int, str],
    closed_through: int,
    status: str,
    judged: int | None,
    received: str | None,
) -> None:
    close_through(past_due(5), since=past_due(5))
    for number, amount in payments.items():
        bills.paid(customer, past_due(number), amount)
    factory.promise(Case.objects.get(), "500.00", past_due(10), made=past_due(6))

    close_through(past_due(closed_through))

    promise = Promise.objects.get()
    assert (promise.status, promise.judged_date, promise.received) == (
        status,
        past_due(judged) if judged else None,
        D(received) if received else None,
    )


def test_messages_go_out_before_the_due_date_and_on_the_days_of_the_strategy(customer: Customer) -> None:
    done = close_through(past_due(10))

    planned = Message.objects.order_by("planned_at").values_list("reference", "planned_at__date")
    assert list(planned) == [
        ("C-1-pre_due-2026-03-28", past_due(-2)),  # in the morning after the close
        ("C-1-pre_due-2026-03-30", past_due(0)),
        ("C-1-auto_reminder-2026-03-31", past_due(4)),
        ("C-1-social-2026-03-31", past_due(9)),
    ]
    assert (done.counts["messages"], done.counts["blocked"]) == (4, 0)


def test_who_paid_early_is_not_reminded(customer: Customer) -> None:
    bills.paid(customer, DUE - 2 * DAY, "1000.00")

    close_through(past_due(10))

    assert list(Message.objects.values_list("reference", flat=True)) == ["C-1-pre_due-2026-03-28"]


def test_without_a_strategy_no_day_is_closed(customer: Customer) -> None:
    StrategyVersion.objects.update(status="retired")

    with pytest.raises(Refused, match="No strategy is published"):
        close_through(past_due(0), since=past_due(0))
