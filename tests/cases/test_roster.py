"""The roster, and the assignment of cases to it: what the program promises, and every door to it."""

import datetime as dt
import json
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from apps.access.models import User
from apps.audit.models import Operation
from apps.cases.actions import cases as assigning
from apps.cases.actions import placements, roster
from apps.cases.actions.roster import Entry
from apps.cases.domain.assignment import Agent, Left, Plan, Work, suits
from apps.cases.domain.solver import solve
from apps.cases.models import Case, RosterEntry
from apps.cases.queries import roster as queries
from apps.cases.tasks import assign_what_waits
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from tests.cases.conftest import NOON
from tests.factories import access, customers, walls
from tests.factories import cases as factory

BY = System("test")
ENTRY = Entry(queues=("agents",), languages=("zh",), capacity=10)


def agent(key: int, **fields: Any) -> Agent:
    values = {
        "capacity": 10, "cases": 0, "amount": Decimal(0), "queues": frozenset({"agents"}),
        "languages": frozenset({"zh"}), "products": frozenset[str](), **fields,
    }  # fmt: skip
    return Agent(key, **values)


def work(key: int, **fields: Any) -> Work:
    values = {
        "queue": "agents", "language": "zh-hans", "product": "order", "amount": Decimal(100), "priority": 1, **fields,
    }  # fmt: skip
    return Work(key, **values)


def solved(works: list[Work], agents: list[Agent]) -> Plan:
    return solve(works, agents, {(one.key, other.key) for one in works for other in agents})


agents = st.lists(
    st.builds(
        agent,
        key=st.integers(1, 5),
        capacity=st.integers(0, 4),
        cases=st.integers(0, 2),
        amount=st.integers(0, 900).map(Decimal),
        queues=st.sets(st.sampled_from(("agents", "senior-agents")), min_size=1).map(frozenset),
        languages=st.sets(st.sampled_from(("zh", "en")), min_size=1).map(frozenset),
        products=st.sets(st.sampled_from(("order", "statement")), max_size=1).map(frozenset),
    ),
    max_size=4,
    unique_by=lambda one: one.key,
)
works = st.lists(
    st.builds(
        work,
        key=st.integers(100, 120),
        queue=st.sampled_from(("agents", "senior-agents")),
        language=st.sampled_from(("zh-hans", "en")),
        product=st.sampled_from(("order", "statement")),
        amount=st.integers(0, 5_000).map(Decimal),
        priority=st.integers(0, 9),
        last_owner=st.none() | st.integers(1, 5),
    ),
    max_size=10,
    unique_by=lambda one: one.key,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw loads the solver
@given(works, agents)
def test_a_plan_keeps_every_hard_rule_and_leaves_nothing_that_somebody_had_room_for(
    works: list[Work], agents: list[Agent]
) -> None:
    plan = solved(works, agents)

    people, cases = {one.key: one for one in agents}, {one.key: one for one in works}
    assert plan.given.keys() | plan.left.keys() == cases.keys()
    assert not plan.given.keys() & plan.left.keys()
    assert all(suits(people[owner], cases[case]) for case, owner in plan.given.items())
    taken = {key: sum(owner == key for owner in plan.given.values()) for key in people}
    assert all(taken[key] <= one.room for key, one in people.items())
    for case, reason in plan.left.items():
        able = [one for one in agents if suits(one, cases[case])]
        assert (reason is Left.NO_AGENT) is (not able)
        assert all(taken[one.key] == one.room for one in able)


def test_what_is_worth_more_goes_first() -> None:
    plan = solved([work(1, priority=5), work(2, priority=9), work(3, priority=7)], [agent(7, capacity=2)])

    assert plan == Plan({2: 7, 3: 7}, {1: Left.NO_ROOM})


def test_a_customer_who_comes_back_stays_with_who_had_them() -> None:
    plan = solved([work(1, last_owner=8), work(2, last_owner=7)], [agent(7), agent(8)])

    assert plan.given == {1: 8, 2: 7}


def test_who_is_kept_for_a_product_gets_its_cases() -> None:
    plan = solved([work(1, product="statement"), work(2)], [agent(7, products=frozenset({"statement"})), agent(8)])

    assert plan.given == {1: 7, 2: 8}


def test_the_money_is_spread_as_the_room_is() -> None:
    found = [work(key, amount=Decimal(amount)) for key, amount in enumerate((900, 800, 700, 600, 500, 400, 300, 200))]
    plan = solved(found, [agent(7), agent(8), agent(9, amount=Decimal(2000), cases=2)])

    held = {7: Decimal(0), 8: Decimal(0), 9: Decimal(2000)}
    for case, owner in plan.given.items():
        held[owner] += found[case].amount
    assert len(plan.given) == 8
    assert max(held.values()) - min(held.values()) <= 900


def test_a_wall_parts_them() -> None:
    assert solve([work(1)], [agent(7)], set()) == Plan({}, {1: Left.NO_AGENT})


@pytest.fixture
def anna(db: None) -> User:
    return access.person("anna")


@pytest.fixture
def beside(anna: User) -> User:
    """A second agent."""
    return access.person("bea", role="agent")


def waiting(number: int, **fields: Any) -> Case:
    customer = customers.customer(reference=f"C-{number}", name=f"Customer {number}")
    return factory.case(customer, **{"priority": 100 + number, **fields})


def test_waiting_cases_go_to_the_roster_with_their_tasks_and_the_trail_says_so(anna: User, beside: User) -> None:
    cases = [waiting(number) for number in range(1, 5)]
    task = factory.task(cases[0])
    for user in (anna, beside):
        roster.enter(user=user, entry=ENTRY, by=access.person("leo"), at=NOON)

    _works, seen = roster.propose(by=None, at=NOON)
    assert not Case.objects.exclude(owner=None).exists()
    _works, done = roster.assign(by=access.person("leo"), at=NOON)

    assert done == seen
    owners = dict(Case.objects.values_list("pk", "owner"))
    assert owners == done.given
    assert sorted(owners.values()) == sorted([anna.pk, anna.pk, beside.pk, beside.pk])
    task.refresh_from_db()
    assert task.owner_id == owners[cases[0].pk]
    told = Operation.objects.filter(action="cases.assign_roster").latest("pk")
    assert told.sentence == "Gave 4 cases to 2 people; 0 stay in their queues."
    assert roster.assign(by=BY, at=NOON)[1] == Plan({}, {})


def test_a_case_goes_to_nobody_behind_the_wall_on_leave_or_beside_their_own_account(anna: User, beside: User) -> None:
    own, placed, plain = waiting(1), waiting(2), waiting(3)
    User.objects.filter(pk=beside.pk).update(customer_reference="C-1")
    walls.placed(placed.customer, walls.agency())
    roster.enter(user=beside, entry=ENTRY, by=BY, at=NOON)
    away = Entry(("agents",), ("zh",), 10, away_until_date=NOON.date() + dt.timedelta(3))
    roster.enter(user=anna, entry=away, by=BY, at=NOON)

    works, plan = roster.assign(by=BY, at=NOON)

    assert plan.given == {plain.pk: beside.pk}
    assert plan.left == {own.pk: Left.NO_AGENT, placed.pk: Left.NO_AGENT}
    gina = walls.agent(walls.agency())
    roster.enter(user=gina, entry=ENTRY, by=BY, at=NOON)
    assert roster.propose(by=None, at=NOON)[1].given == {placed.pk: gina.pk}
    assert queries.reasons(works, plan) == [("agents", Left.NO_AGENT, 2)]


def test_a_case_that_comes_back_goes_to_who_had_it(anna: User, beside: User) -> None:
    customer = customers.customer(reference="C-9")
    factory.case(customer, owner=anna, status="closed", closed_date=NOON.date(), close_reason="cured")
    again = factory.case(customer, reference="K-C-9-2")
    for user in (anna, beside):
        roster.enter(user=user, entry=ENTRY, by=BY, at=NOON)

    assert roster.propose(by=None, at=NOON)[1].given == {again.pk: anna.pk}


@pytest.mark.parametrize(
    ("who", "changes", "sentence"),
    [
        ("otto", {}, "Otto .* does not work on cases"),
        ("anna", {"capacity": -1}, "-1 is not a number of cases from 0 to 5000"),
        ("anna", {"capacity": 5001}, "5001 is not a number of cases from 0 to 5000"),
        ("anna", {"queues": ()}, "Name at least one queue that Anna .* works"),
        ("anna", {"queues": ("agents", "moon")}, "No strategy has agents work the queue moon: the queues are agents"),
        ("anna", {"languages": ()}, "Name at least one language that Anna .* speaks"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_sentence(db: None, who: str, changes: dict[str, Any], sentence: str) -> None:
    values = {"queues": ENTRY.queues, "languages": ENTRY.languages, "capacity": 10, **changes}
    with pytest.raises(Refused, match=sentence):
        roster.enter(user=access.person(who), entry=Entry(**values), by=BY, at=NOON)

    assert not RosterEntry.objects.exists()


def test_the_scheduler_and_the_command_assign_what_waits(anna: User, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    roster.enter(user=anna, entry=Entry(("agents",), ("zh",), 1), by=BY, at=NOON)
    waiting(1), waiting(2)
    out = StringIO()

    call_command("assign_cases", "--dry-run", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"waiting": 2, "given": 1, "left": 1}
    assert not Case.objects.exclude(owner=None).exists()
    assert assign_what_waits() == 1
    out = StringIO()
    call_command("assign_cases", stdout=out)
    assert out.getvalue() == "1 cases wait: 0 given, 1 left in their queues.\n"


def test_what_nobody_can_take_keeps_nobody_waiting_however_much_it_is_worth(
    anna: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    english = [waiting(number, priority=900 + number) for number in range(1, 4)]
    type(english[0].customer).objects.update(language="en")
    chinese = [waiting(number) for number in range(4, 9)]
    roster.enter(user=anna, entry=Entry(("agents",), ("zh",), 4), by=BY, at=NOON)

    _works, plan = roster.propose(by=None, at=NOON)
    assert set(plan.given) == {chinese[-1].pk, chinese[-2].pk}
    assert set(plan.left.values()) == {Left.NO_AGENT}
    assert roster.assign_all(by=BY, at=NOON) == (4, 2)  # of those that stay, no more than one plan looks at

    assert set(Case.objects.filter(owner=None)) == {*english, chinese[0]}


def test_the_page_shows_what_would_happen_and_does_it(
    anna: User, client: Client, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    case, english = waiting(1), waiting(2)
    type(english.customer).objects.filter(pk=english.customer_id).update(language="en")
    client.force_login(access.person("leo"))
    page = client.get("/cases/roster/new/").content.decode()
    assert "Anna" in page
    sent = {"user": anna.pk, "queues": ["agents"], "languages": ["zh"], "capacity": "7"}
    client.post("/cases/roster/new/", sent)

    page = client.get("/cases/roster/").content.decode()
    assert "2 cases belong to nobody." in page
    assert "Would get" not in page
    page = client.get("/cases/roster/?dry_run=1").content.decode()
    assert "2 cases belong to nobody; 1 of them would be assigned." in page
    assert "Nobody on the roster works this queue in this language and product" in page
    done = client.post("/cases/roster/assignment/", follow=True).content.decode()
    assert "1 case is assigned." in done
    case.refresh_from_db()
    assert case.owner_id == anna.pk
    client.post("/cases/roster/anna/", {**sent, "capacity": "3", "away_until_date": "2026-12-31"})
    assert (RosterEntry.objects.get().capacity, RosterEntry.objects.get().away_until_date) == (3, dt.date(2026, 12, 31))
    client.post("/cases/roster/anna/leave/")
    assert not RosterEntry.objects.exists()
    client.force_login(access.person("anna"))
    assert client.get("/cases/roster/").status_code == 403


def test_the_api_keeps_the_roster_and_assigns(anna: User, client: Client, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    case = waiting(1)
    client.force_login(access.person("leo"))
    sent = {"user": "anna", "queues": ["agents"], "languages": ["zh"], "capacity": 5}

    made = client.post("/api/roster/", sent, content_type="application/json")
    assert (made.status_code, made.json()["products"]) == (201, [])
    refused = client.post("/api/roster/", sent | {"user": "otto"}, content_type="application/json")
    assert refused.status_code == 400
    assert [one["user"] for one in client.get("/api/roster/").json()] == ["anna"]
    changed = {"queues": ["agents"], "languages": ["zh", "en"], "capacity": 6}
    assert client.put("/api/roster/anna/", changed, content_type="application/json").json()["capacity"] == 6
    for dry_run in (True, False):
        answer = client.post("/api/roster/assignment/", {"dry_run": dry_run}, content_type="application/json").json()
        assert answer == {"dry_run": dry_run, "given": [{"case": case.reference, "owner": "anna"}], "left": []}
    assert client.delete("/api/roster/anna/").status_code == 204


def test_hands_overrule_the_program(anna: User, beside: User) -> None:
    case = waiting(1)
    assigning.assign(case=case, to=beside, by=access.person("leo"), at=NOON)
    roster.enter(user=anna, entry=ENTRY, by=BY, at=NOON)

    assert roster.assign(by=BY, at=NOON)[1] == Plan({}, {})
    assert placements.ACTION
