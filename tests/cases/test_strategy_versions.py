"""Drafts, publication and roll-back, and what becomes of cases when the version in force changes."""

import copy
import datetime as dt
from typing import Any

import pytest

from apps.access.actions import approvals
from apps.access.domain.approval import Verdict
from apps.access.models import ApprovalRequest, User
from apps.audit.models import Operation
from apps.bills.models import ProductTerms
from apps.cases.actions import strategies, strategy_drafts
from apps.cases.domain.status import ExistingCases
from apps.cases.models import Case, StageMove, StrategyVersion, Task, VersionMove
from apps.cases.queries import strategies as queries
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.models import Customer
from tests.cases.conftest import NOON
from tests.cases.test_steps import AT, BY, DUE, close_through, past_due
from tests.factories import access, bills
from tests.factories.customers import reachable

pytestmark = pytest.mark.django_db
Document = dict[str, Any]


@pytest.fixture
def rita() -> User:
    return access.person("rita")


@pytest.fixture
def running() -> StrategyVersion:
    return StrategyVersion.objects.get()


@pytest.fixture
def conditions() -> ProductTerms:
    return bills.terms(deferred_days=4)


@pytest.fixture
def customer(conditions: ProductTerms) -> Customer:
    made = reachable(reference="C-1")
    bills.bought(made, conditions, DUE - dt.timedelta(4), "1000.00")
    return made


def shipped(**parts: Any) -> Document:
    (document,) = queries.shipped()
    return copy.deepcopy(document) | parts


def put(**parts: Any) -> StrategyVersion:
    """Another version in force, without a request."""
    last = StrategyVersion.objects.order_by("-version")[0].version
    return strategies.publish(document=shipped(**parts) | {"version": last + 1}, by=BY, at=AT)


def agreed(asked: ApprovalRequest) -> None:
    for username in ("dora", "rolf"):
        person = access.person(username, role="risk_analyst") if username == "rolf" else access.person(username)
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=person, at=NOON)


def test_a_draft_is_published_once_a_director_and_a_risk_analyst_agree(rita: User, running: StrategyVersion) -> None:
    draft = strategy_drafts.draw(document=running.document, by=rita, at=NOON)
    assert (str(draft), draft.status, draft.base) == ("baitiao-standard@2", "draft", running)
    changed = draft.document | {"existing_cases": "at_once", "caps": {"messages": 1}}
    strategy_drafts.change(version=draft, document=changed, by=rita, at=NOON)

    asked = strategy_drafts.request_publication(version=draft, reason="Fewer messages.", by=rita, at=NOON)
    assert asked.facts["in_force"] == "baitiao-standard@1"
    assert asked.facts["changes"] == 2
    with pytest.raises(Refused, match=f"asked for already: {asked.reference}"):
        strategy_drafts.request_publication(version=draft, reason="Again.", by=rita, at=NOON)
    with pytest.raises(Forbidden):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=rita, at=NOON)
    agreed(asked)

    draft.refresh_from_db()
    running.refresh_from_db()
    assert (draft.status, running.status, draft.existing_cases) == ("published", "retired", "at_once")
    assert queries.in_force() == draft
    assert draft.steps.count() == 9
    published = Operation.objects.get(action="cases.publish_strategy", authority=f"approval:{asked.reference}")
    assert published.sentence == "Published version 2 of the strategy baitiao-standard."
    with pytest.raises(Refused, match="is no draft, and versions are not changed"):
        strategy_drafts.change(version=draft, document=changed, by=rita, at=NOON)


def test_a_draft_that_changes_after_it_was_asked_for_is_not_published(rita: User, running: StrategyVersion) -> None:
    draft = strategy_drafts.draw(document=running.document | {"name": "One"}, by=rita, at=NOON)
    asked = strategy_drafts.request_publication(version=draft, reason="One.", by=rita, at=NOON)
    strategy_drafts.change(version=draft, document=draft.document | {"name": "Two"}, by=rita, at=NOON)

    with pytest.raises(Refused, match="have changed, so it is void"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=NOON)

    assert queries.in_force() == running


def test_a_draft_whose_base_is_not_in_force_any_more_is_compared_and_rebased(
    rita: User, running: StrategyVersion
) -> None:
    draft = strategy_drafts.draw(document=running.document | {"name": "Mine"}, by=rita, at=NOON)
    theirs = put(name="Theirs")

    with pytest.raises(Refused) as refused:
        strategy_drafts.request_publication(version=draft, reason="Mine.", by=rita, at=NOON)
    assert refused.value.sentence == (
        "baitiao-standard@2 was drawn from baitiao-standard@1, but baitiao-standard@3 is in force now: "
        "compare the two and rebase it."
    )
    assert refused.value.code == "base_moved_on"

    assert strategy_drafts.rebase(version=draft, by=rita, at=NOON).base == theirs
    strategy_drafts.request_publication(version=draft, reason="Mine.", by=rita, at=NOON)


def test_a_version_that_is_published_meanwhile_makes_the_request_void(rita: User, running: StrategyVersion) -> None:
    draft = strategy_drafts.draw(document=running.document | {"name": "Mine"}, by=rita, at=NOON)
    asked = strategy_drafts.request_publication(version=draft, reason="Mine.", by=rita, at=NOON)
    theirs = put(name="Theirs")

    with pytest.raises(Refused, match="have changed, so it is void"):
        approvals.decide(reference=asked.reference, verdict=Verdict.APPROVE, by=access.person("dora"), at=NOON)

    assert queries.in_force() == theirs


def test_a_draft_with_faults_is_kept_and_not_published_and_one_without_shape_not_even_kept(
    rita: User, running: StrategyVersion
) -> None:
    draft = strategy_drafts.draw(document=running.document, by=rita, at=NOON)
    broken = copy.deepcopy(draft.document)
    broken["steps"][2]["queue"] = "nowhere"
    strategy_drafts.change(version=draft, document=broken, by=rita, at=NOON)

    with pytest.raises(Refused, match="Step agent_contact sends tasks to the queue “nowhere”, which nobody works"):
        strategy_drafts.request_publication(version=draft, reason="Now.", by=rita, at=NOON)
    with pytest.raises(Refused, match="The strategy has an unknown part “extra”"):
        strategy_drafts.change(version=draft, document=broken | {"extra": 1}, by=rita, at=NOON)


def test_a_draft_is_thrown_away_and_its_number_is_not_given_again(rita: User, running: StrategyVersion) -> None:
    draft = strategy_drafts.draw(document=running.document, by=rita, at=NOON)

    strategy_drafts.discard(version=draft, by=rita, at=NOON)

    assert str(strategy_drafts.draw(document=running.document, by=rita, at=NOON)) == "baitiao-standard@3"
    with pytest.raises(Refused, match="is no draft"):
        strategy_drafts.discard(version=draft, by=rita, at=NOON)


def test_going_back_puts_the_earlier_version_in_force_again(rita: User, running: StrategyVersion) -> None:
    with pytest.raises(Refused, match="only a retired version can be gone back to"):
        strategy_drafts.request_roll_back(
            version=running, existing_cases=ExistingCases.AT_ONCE, reason="Back.", by=rita, at=NOON
        )
    put(name="Worse")

    asked = strategy_drafts.request_roll_back(
        version=running, existing_cases=ExistingCases.AT_ONCE, reason="Back.", by=rita, at=NOON
    )
    agreed(asked)

    running.refresh_from_db()
    assert (running.status, running.existing_cases, queries.in_force()) == ("published", "at_once", running)
    assert running.steps.count() == 9
    assert list(StrategyVersion.objects.filter(status="published")) == [running]


def version_moves() -> list[tuple[int, str, str, str]]:
    rows = VersionMove.objects.order_by("id").select_related("from_version", "to_version")
    return [((m.moved_date - DUE).days, str(m.from_version), str(m.to_version), m.rule) for m in rows]


@pytest.mark.parametrize(
    ("rule", "moved"),
    [("at_once", 7), ("at_next_stage", 8), ("new_cases_only", None)],
)
def test_a_case_moves_to_a_new_version_by_its_rule(
    customer: Customer, rule: str, moved: int | None, running: StrategyVersion
) -> None:
    close_through(past_due(6), since=past_due(4))
    put(existing_cases=rule)

    close_through(past_due(9))

    case = Case.objects.get()
    expected = [(moved, "baitiao-standard@1", "baitiao-standard@2", rule)] if moved else []
    assert version_moves() == expected
    assert str(case.strategy) == ("baitiao-standard@2" if moved else "baitiao-standard@1")
    assert case.stage == "social"
    assert list(StageMove.objects.order_by("id").values_list("to_stage", "cause")) == [
        ("auto_reminder", "opened"),
        ("agent_contact", "days_past_due"),
        ("social", "days_past_due"),
    ]


def test_new_cases_are_treated_under_the_new_version_whatever_its_rule(
    customer: Customer, conditions: ProductTerms
) -> None:
    close_through(past_due(4), since=past_due(4))
    put(existing_cases="new_cases_only")
    bills.bought(reachable(reference="C-2"), conditions, DUE - dt.timedelta(2), "50.00")

    close_through(past_due(6))

    assert [str(case.strategy) for case in Case.objects.order_by("id")] == ["baitiao-standard@1", "baitiao-standard@2"]


def test_a_case_whose_stage_is_gone_is_in_the_one_that_the_days_have_reached(customer: Customer) -> None:
    close_through(past_due(5), since=past_due(4))
    assert Task.objects.get().status == "open"
    steps = [step for step in shipped()["steps"] if step["code"] != "agent_contact"]
    steps.insert(2, {"code": "early", "kind": "task", "from": 4, "days": [4, 6], "queue": "senior-agents"})
    put(existing_cases="at_once", steps=steps)

    close_through(past_due(6))

    case = Case.objects.get()
    assert (case.stage, case.queue, case.stage_date) == ("early", "senior-agents", past_due(6))
    assert StageMove.objects.latest("id").cause == "strategy_version"
    assert list(Task.objects.order_by("id").values_list("step", "status")) == [
        ("agent_contact", "cancelled"),
        ("early", "open"),
    ]
