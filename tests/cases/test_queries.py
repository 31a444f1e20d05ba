import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.http import Http404

from apps.access.models import User
from apps.cases.actions import contacts
from apps.cases.domain.status import Outcome
from apps.cases.models import Case
from apps.cases.queries import cases, counts, history, worklist
from tests.cases.conftest import NOON, TODAY
from tests.factories import access, bills
from tests.factories import cases as factory

D = Decimal
DAY = dt.timedelta(1)


def references(page: worklist.Page) -> list[str]:
    return [row.case.reference for row in page.rows]


def waiting(priority: int, **fields: Any) -> Case:
    case = factory.case(priority=priority, opened=TODAY - DAY, **fields)
    factory.task(case, due_date=TODAY)
    return case


def test_the_worklist_shows_first_what_is_most_worth_it(anna: User, closed_until_yesterday: None) -> None:
    ordered = [waiting(priority) for priority in (500, 900, 700)]
    factory.case(priority=999)  # nothing to do today

    page = worklist.page(anna, business_date=TODAY)

    assert references(page) == [ordered[1].reference, ordered[2].reference, ordered[0].reference]
    row = page.rows[0]
    assert (row.days_past_due, row.task and row.task.step, row.expected_share) == (5, "agent_contact", D("0.60"))
    assert page.next is None


def test_the_worklist_is_read_page_by_page(anna: User, closed_until_yesterday: None) -> None:
    for priority in (5, 5, 5, 4, 3, 5, 9):
        waiting(priority)
    seen: list[int] = []
    after = None

    for _ in range(4):
        page = worklist.page(anna, business_date=TODAY, after=after, limit=2)
        seen += [row.case.pk for row in page.rows]
        after = page.next

    everything = worklist.page(anna, business_date=TODAY, limit=100)
    assert seen == [row.case.pk for row in everything.rows]
    assert len(set(seen)) == 7
    assert after is None


def test_the_worklist_can_be_narrowed(anna: User, closed_until_yesterday: None) -> None:
    mine, other = waiting(1, owner=anna), waiting(2, queue="senior-agents", stage="intensive")

    assert references(worklist.page(anna, business_date=TODAY, mine=True)) == [mine.reference]
    assert references(worklist.page(anna, business_date=TODAY, queue="senior-agents")) == [other.reference]
    assert references(worklist.page(anna, business_date=TODAY, stage="intensive")) == []
    assert references(worklist.page(anna, business_date=TODAY, search=mine.customer.reference)) == [mine.reference]


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 5])
def test_a_longer_worklist_asks_no_more(
    anna: User, closed_until_yesterday: None, rows: int, django_assert_num_queries: object
) -> None:
    for priority in range(rows):
        waiting(priority)

    with django_assert_num_queries(5):  # type: ignore[operator]
        page = worklist.page(anna, business_date=TODAY)
        assert [row.case.customer.name for row in page.rows]


def test_each_role_has_its_queues(db: None) -> None:
    assert worklist.queues_of(access.person("anna")) == ("agents",)
    assert worklist.queues_of(access.person("sena")) == ("senior-agents", "agents")
    assert worklist.queues_of(access.person("maya"))[0] == "managers"
    assert worklist.queues_of(access.person("otto")) == ()


def test_the_workspace_says_what_is_owed_and_what_comes_next(case: Case, anna: User) -> None:
    task = factory.task(case, due_date=TODAY)
    bills.paid(case.customer, TODAY, "100.00")
    promise = factory.promise(case, "50.00", TODAY + DAY, made=TODAY)

    found = cases.workspace(anna, "K-C-1-1", NOON)

    assert (found.case, found.business_date, found.days_past_due) == (case, TODAY, 5)
    assert (found.owed, found.tasks, found.promise) == (D("900.00"), [task], promise)
    assert found.next_step is not None
    assert (found.next_step[0].code, found.next_step[1]) == ("social", dt.date(2026, 5, 13))


def test_a_case_is_hidden_from_whose_account_it_is_and_from_agencies(case: Case) -> None:
    own = access.person("anna", customer_reference="C-1")

    assert not cases.visible_to(own).exists()
    assert not cases.visible_to(access.person("gina")).exists()
    assert cases.visible_to(access.person("leo")).get() == case
    with pytest.raises(Http404):
        cases.workspace(own, "K-C-1-1", NOON)


def test_the_history_tells_everything_the_newest_first(case: Case, anna: User) -> None:
    case.moves.create(moved_date=TODAY - DAY, from_stage="", to_stage="agent_contact", days_past_due=5, cause="opened")
    factory.task(case, due_date=TODAY)
    contacts.record(
        case=case,
        outcome=Outcome.PROMISE,
        note="Wages on Friday.",
        promise=(D("600.00"), TODAY + 9 * DAY),
        by=anna,
        at=NOON,
    )

    told = [(event.date, event.kind, event.what, event.value, event.detail) for event in history.of_case(case)]

    assert told == [
        (TODAY, "contact", "call", "promise", "Wages on Friday."),
        (TODAY, "promise", "made", "", "600.00 2026-05-20"),
        (TODAY, "task", "agent_contact", "promise", ""),
        (TODAY - DAY, "stage", "opened", "agent_contact", "5"),
    ]


def test_the_home_page_counts_what_waits(anna: User, closed_until_yesterday: None) -> None:
    waiting(1)
    mine = waiting(2, owner=anna)
    factory.promise(mine, "5.00", TODAY + DAY, made=TODAY)
    waiting(3, queue="managers")

    assert counts.of(anna, business_date=TODAY) == counts.Counts(waiting=2, mine=1, promises=1, opened=3)
