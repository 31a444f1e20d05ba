"""Days in a hold count towards no stage, for segments and versions too, and what it put aside stays the case's."""

import datetime as dt

import pytest

from apps.cases.actions import cases as assigning
from apps.cases.actions import holds, roster
from apps.cases.actions.roster import Entry
from apps.cases.domain.holds import HoldKind
from apps.cases.models import Case, StageMove, Task
from apps.core.domain.actor import System
from tests.cases.conftest import NOON
from tests.cases.test_steps import BY, DUE, close_through, past_due
from tests.cases.test_strategy_versions import put, shipped
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(db: None) -> Case:
    """Opened on the third day past due; since then two days were in a hold."""
    customer = reachable(reference="C-1")
    bills.bought(customer, bills.terms(deferred_days=4), DUE - dt.timedelta(4), "1000.00")
    close_through(past_due(3), since=past_due(3))
    Case.objects.update(held_days=2)
    return Case.objects.get()


def test_a_step_for_a_segment_acts_on_its_days_less_those_in_a_hold(late: Case) -> None:
    steps = shipped()["steps"]
    steps[2] |= {"segments": ["all"], "days": [5]}
    rest = {"code": "rest", "kind": "task", "from": 31, "queue": "agents"}
    segments = [{"code": "all", "amount_from": "1.00"}]
    put(steps=[*steps[:3], rest], segments=segments, existing_cases="at_once")

    close_through(past_due(6))
    assert not Task.objects.exists()
    close_through(past_due(7))

    assert Task.objects.get().due_date == past_due(8)


def test_a_case_moves_to_another_version_by_the_days_that_count(late: Case) -> None:
    put(existing_cases="at_next_stage")
    close_through(past_due(6))
    assert str(Case.objects.get().strategy) == "baitiao-standard@1"

    close_through(past_due(7))

    assert str(Case.objects.get().strategy) == "baitiao-standard@2"
    assert StageMove.objects.latest("id").days_past_due == 7


def test_a_stage_that_is_gone_is_replaced_by_the_one_that_the_days_that_count_have_reached(late: Case) -> None:
    steps = [step for step in shipped()["steps"] if step["code"] != "auto_reminder"]
    steps.insert(1, {"code": "early", "kind": "task", "from": 2, "days": [2, 3], "queue": "senior-agents"})
    put(existing_cases="at_once", steps=steps)

    close_through(past_due(6))

    assert Case.objects.get().stage == "early"


def test_what_a_hold_put_aside_goes_with_the_case_and_with_a_step_that_is_gone(late: Case) -> None:
    case, anna, leo = late, access.person("anna"), access.person("leo")
    task = factory.task(case, step="auto_reminder", due_date=past_due(4))
    holds.impose(
        customer=case.customer,
        kind=HoldKind.BREATHING_SPACE,
        reason="Asked.",
        evidence="Letter 1",
        by=System("test"),
        at=NOON,
    )
    assert Task.objects.get().status == "held"

    assigning.assign(case=case, to=anna, by=leo, at=NOON)
    assert Task.objects.get().owner == anna
    assigning.assign(case=case, to=None, by=leo, at=NOON)
    Case.objects.update(queue="agents", owner=None)
    Task.objects.update(owner=None)
    roster.enter(user=anna, entry=Entry(("agents",), ("zh",), 10), by=BY, at=NOON)
    roster.assign(by=BY, at=NOON)
    assert Task.objects.get().owner == anna

    steps = [step for step in shipped()["steps"] if step["code"] != task.step]
    put(existing_cases="at_once", steps=steps)
    close_through(past_due(4))
    assert Task.objects.get(pk=task.pk).status == "cancelled"
