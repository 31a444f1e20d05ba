import datetime as dt
from decimal import Decimal
from typing import Any

from apps.access.models import User
from apps.cases.actions import contacts
from apps.cases.domain.status import Outcome
from apps.cases.models import Case
from apps.cases.queries import cases, counts, history, worklist
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory

D = Decimal
DAY = dt.timedelta(1)


def waiting(priority: int, **fields: Any) -> Case:
    case = factory.case(priority=priority, opened=TODAY - DAY, **fields)
    factory.task(case, due_date=TODAY)
    return case


def test_each_role_has_its_queues(db: None) -> None:
    assert worklist.queues_of(access.person("anna")) == ("agents",)
    assert worklist.queues_of(access.person("sena")) == ("senior-agents", "agents")
    assert worklist.queues_of(access.person("maya"))[0] == "managers"
    assert worklist.queues_of(access.person("otto")) == ()


def test_a_case_is_hidden_from_whose_account_it_is_and_from_agencies(case: Case) -> None:
    own = access.person("anna", customer_reference="C-1")

    assert not cases.visible_to(own).exists()
    assert not cases.visible_to(access.person("gina")).exists()
    assert cases.visible_to(access.person("leo")).get() == case


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

    told = [(event.kind, event.text, event.note, event.who) for event in history.of(case, anna)]

    assert told == [
        ("contact", "Telephone call: Promise to pay · 600.00 by 2026-05-20", "Wages on Friday.", "Anna An"),
        ("stage", "Case opened at 5 days past due: Telephone contact", "", ""),
    ]


def test_the_home_page_counts_what_waits(anna: User, closed_until_yesterday: None) -> None:
    waiting(1)
    mine = waiting(2, owner=anna)
    factory.promise(mine, "5.00", TODAY + DAY, made=TODAY)
    waiting(3, queue="managers")

    assert counts.of(anna, business_date=TODAY) == counts.Counts(waiting=2, mine=1, promises=1, opened=3)
