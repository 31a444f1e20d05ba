"""For whom a step acts: arms, segments, caps, waits and exits."""

import datetime as dt
from typing import Any

import pytest

from apps.bills.models import ProductTerms
from apps.cases.domain import strategy
from apps.cases.models import Case, StrategyVersion, Task
from apps.cases.queries import strategies as queries
from apps.customers.models import Customer
from apps.outreach.models import Message
from tests.cases.test_steps import DUE, close_through, past_due
from tests.cases.test_strategy_versions import put, shipped
from tests.factories import bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def conditions() -> ProductTerms:
    return bills.terms(deferred_days=4)


@pytest.fixture
def customer(conditions: ProductTerms) -> Customer:
    made = reachable(reference="C-1")
    bills.bought(made, conditions, DUE - dt.timedelta(4), "1000.00")
    return made


ARMS = [
    {"code": "now", "role": "champion", "weight": 60},
    {"code": "new", "role": "challenger", "weight": 30},
    {"code": "none", "role": "holdout", "weight": 10},
]


def many(conditions: ProductTerms, number: int = 30) -> None:
    for place in range(number):
        made = reachable(reference=f"C-{place}")
        bills.bought(made, conditions, DUE - dt.timedelta(4), "100.00")


def test_a_case_has_its_arm_when_it_is_opened_and_the_database_reckons_it_as_the_domain_does(
    conditions: ProductTerms,
) -> None:
    version = put(experiment={"salt": "2026-q2", "arms": ARMS})
    many(conditions)

    close_through(past_due(3), since=past_due(3))

    rules = queries.rules_of(version)
    found = dict(Case.objects.values_list("customer__reference", "arm"))
    assert found == {reference: rules.arm_of(reference) for reference in found}
    assert set(found.values()) == {"now", "new", "none"}
    written = set(Message.objects.filter(purpose="auto_reminder").values_list("customer__reference", flat=True))
    assert written == {reference for reference, arm in found.items() if arm != "none"}


def test_arms_and_segments_say_for_whom_a_step_acts(conditions: ProductTerms) -> None:
    steps = shipped()["steps"]
    steps[2] |= {"arms": ["new"], "segments": ["small"]}
    segments = [{"code": "small", "amount_below": "500.00", "buckets": ["M1"], "first_payment_default": True}]
    put(steps=steps, segments=segments, experiment={"salt": "2026-q2", "arms": ARMS})
    many(conditions, 20)
    for number in range(20, 40):
        bills.bought(reachable(reference=f"C-{number}"), conditions, DUE - dt.timedelta(4), "900.00")

    close_through(past_due(5), since=past_due(5))

    made = set(Task.objects.values_list("case__customer__reference", flat=True))
    expected = {f"C-{n}" for n in range(20) if strategy.share_of("2026-q2", f"C-{n}") in range(60, 90)}
    assert made == expected
    assert made


@pytest.mark.parametrize(
    ("segment", "is_in"),
    [
        ({"products": ["order"]}, True),
        ({"products": ["other"]}, False),
        ({"tenure_from": 9}, True),
        ({"tenure_from": 10}, False),
        ({"tenure_below": 10}, True),
        ({"tenure_below": 9}, False),
        ({"first_payment_default": False}, False),
        ({"amount_from": "1000.00"}, True),
        ({"amount_from": "1000.01"}, False),
        ({"amount_below": "1000.00"}, False),
        ({"buckets": ["M1"]}, True),
    ],
)
def test_a_segment_holds_where_every_condition_does(customer: Customer, segment: Document, is_in: bool) -> None:
    steps = shipped()["steps"]
    steps[2] |= {"segments": ["s"], "days": [5]}
    put(steps=[*steps[:3], {"code": "rest", "kind": "task", "from": 31, "queue": "agents"}],
        segments=[{"code": "s", **segment}])  # fmt: skip

    close_through(past_due(5), since=past_due(5))  # the 9th day after the bill

    assert Task.objects.exists() is is_in


def test_the_cap_of_a_day_keeps_the_first_steps(customer: Customer) -> None:
    steps = shipped()["steps"]
    extra = {"kind": "message", "days": [3], "template": "auto_reminder", "channels": ["app"]}
    steps.insert(2, {"code": "second", "beside": "auto_reminder", **extra})
    put(steps=steps, caps={"messages": 1})

    close_through(past_due(3), since=past_due(3))

    assert list(Message.objects.values_list("purpose", flat=True)) == ["auto_reminder"]


def test_a_step_waits_after_the_last_contact(customer: Customer) -> None:
    steps = shipped()["steps"]
    steps[2] |= {"wait": 3}
    put(steps=steps)

    close_through(past_due(7), since=past_due(3))  # a message was planned on the third day

    assert [(task.due_date - DUE).days for task in Task.objects.order_by("id")] == [7, 8]


def test_a_payment_ends_a_step_that_says_so(customer: Customer) -> None:
    steps = shipped()["steps"]
    steps[2] |= {"exits": ["payment"]}
    put(steps=steps)
    close_through(past_due(5), since=past_due(5))
    factory.contact(Case.objects.get(), outcome="right_party", contacted_date=past_due(6))
    close_through(past_due(6))
    bills.paid(customer, past_due(7), "10.00")

    close_through(past_due(7))

    assert [(task.due_date - DUE).days for task in Task.objects.order_by("id")] == [6, 7]


def test_a_case_keeps_its_arm_within_one_experiment(conditions: ProductTerms) -> None:
    put(experiment={"salt": "q", "arms": ARMS})
    many(conditions, 20)
    close_through(past_due(4), since=past_due(3))
    before = dict(Case.objects.values_list("pk", "arm"))
    heavier = [{**ARMS[0], "weight": 10}, {**ARMS[1], "weight": 80}, ARMS[2]]
    put(experiment={"salt": "q", "arms": heavier}, existing_cases="at_once")

    close_through(past_due(5))
    assert dict(Case.objects.values_list("pk", "arm")) == before
    put(experiment={"salt": "r", "arms": heavier}, existing_cases="at_once")
    close_through(past_due(6))

    after = {case.customer.reference: case.arm for case in Case.objects.select_related("customer")}
    rules = queries.rules_of(StrategyVersion.objects.get(status="published"))
    assert after == {reference: rules.arm_of(reference) for reference in after}
