"""Simulation equals reality: what it counts is what the close then does, and nothing of the book is written."""

import copy
import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from apps.access.models import User
from apps.audit.models import Operation
from apps.cases.actions import rehearsal, simulations, strategies, strategy_drafts
from apps.cases.models import Case, Simulation, StrategyStep, StrategyVersion, Task
from apps.cases.queries import strategies as queries
from apps.closing.models import Day, Progress
from apps.core.domain.refusal import Refused
from apps.customers.models import Customer
from apps.outreach.models import Message
from tests.cases.test_steps import AT, BY, DAY, DUE, close_through, past_due
from tests.factories import access, bills
from tests.factories import cases as factory
from tests.factories.customers import reachable

pytestmark = pytest.mark.django_db
COUNTS = ("cases_opened", "cases_advanced", "cases_closed", "cases_moved", "tasks", "messages", "blocked")


@pytest.fixture
def rita() -> User:
    return access.person("rita")


@pytest.fixture
def book() -> list[Customer]:
    """Who is 0 to 11 days past due on 11 April, a third of whom will pay; nobody can reach every fourth."""
    conditions = bills.terms(deferred_days=4)
    people = []
    for number in range(24):
        made = reachable(reference=f"C-{number:02}")
        if number % 4 == 3:
            made.contact_points.update(is_valid=False)
        bought = DUE - 4 * DAY + (number % 12) * DAY
        bills.bought(made, conditions, bought, f"{100 + 40 * number}.00")
        if number % 3 == 0:
            bills.paid(made, past_due(8 + number // 3), f"{100 + 40 * number}.00")
        people.append(made)
    return people


def other(**parts: Any) -> dict[str, Any]:
    """Earlier calls, an arm without contact, and small amounts that are only written to."""
    (document,) = queries.shipped()
    document = copy.deepcopy(document) | {"name": "Earlier", "existing_cases": "at_once"}
    document["steps"][1] |= {"days": [3, 4]}
    document["steps"][2] |= {"segments": ["large"], "minutes": 10}
    document["segments"] = [{"code": "large", "amount_from": "300.00"}]
    document["experiment"] = {
        "salt": "early",
        "arms": [
            {"code": "now", "role": "champion", "weight": 70},
            {"code": "none", "role": "holdout", "weight": 30},
        ],
    }
    return document | parts


def draft(rita: User, **parts: Any) -> StrategyVersion:
    return strategy_drafts.draw(document=other(**parts), by=rita, at=AT)


def publish(version: StrategyVersion) -> None:
    strategies.put_in_force(version=version, rules=queries.check(version.document), by=BY, at=AT)


def rehearsed(version: StrategyVersion, *days: int, **options: Any) -> dict[str, Any]:
    dates = [past_due(day) for day in days]
    return rehearsal.rehearse(
        version=version, document=version.document, days=dates, by=BY, at=AT, **options
    ).as_dict()  # fmt: skip


def closed(*days: int) -> Counter[str]:
    """What the closes of these days said."""
    found: Counter[str] = Counter()
    for counts in Progress.objects.filter(day__date__in=[past_due(day) for day in days]).values_list(
        "counts", flat=True
    ):
        found.update({name: counts[name] for name in COUNTS if name in counts})
    return found


def totals(result: dict[str, Any]) -> Counter[str]:
    return Counter({name: result["cases" if name == "cases_opened" else name] for name in COUNTS})


def written() -> dict[str, int]:
    """How many rows each table holds, shadows or no shadows."""
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_stat_user_tables where schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"select count(*) from public.{name}")
            found[name] = cursor.fetchone()[0]
    return found


def test_a_day_that_is_simulated_and_then_closed_makes_the_same(book: list[Customer], rita: User) -> None:
    close_through(past_due(7), since=past_due(1))
    factory.promise(Case.objects.order_by("id")[0], "20.00", past_due(9), made=past_due(8))
    factory.contact(Case.objects.order_by("id")[1], outcome="right_party", contacted_date=past_due(8))
    candidate = draft(rita)
    before = written()

    result = rehearsed(candidate, 8)

    assert written() == before
    publish(candidate)
    close_through(past_due(8))
    assert totals(result) == closed(8)
    assert all(totals(result)[name] for name in COUNTS)
    made = Counter(Task.objects.filter(created_at=_moment(8)).values_list("step", "case__arm"))
    assert {(s["step"], s["arm"]): s["tasks"] for s in result["steps"] if s["tasks"]} == made
    planned = Message.objects.filter(planned_at=_moment(8), status="planned").values_list("purpose", flat=True)
    messages: Counter[str] = Counter()
    for one in result["steps"]:
        messages[one["step"]] += one["messages"]
    assert +messages == Counter(planned)
    assert result["agent_hours"] == round(
        sum(StrategyStep.objects.get(version=candidate, code=s).minutes * n for (s, _arm), n in made.items()) / 60, 1
    )


def test_several_days_that_are_simulated_and_then_closed_make_the_same(book: list[Customer], rita: User) -> None:
    close_through(past_due(3), since=past_due(1))
    candidate = draft(rita)
    done: list[int] = []
    Day.objects.filter(date=past_due(4)).delete()

    result = rehearsed(candidate, *range(4, 13), progress=done.append)

    publish(candidate)
    close_through(past_due(12))
    assert totals(result) == closed(*range(4, 13))
    assert done == list(range(1, 10))


def test_days_that_are_closed_are_simulated_as_they_were(book: list[Customer], rita: User) -> None:
    running = StrategyVersion.objects.get()
    close_through(past_due(5), since=past_due(1))
    publish(draft(rita))
    close_through(past_due(12))
    candidate = StrategyVersion.objects.get(status="published")

    for days in ((3,), (4, 5), (8,), (6, 7, 8, 9, 10, 11, 12)):
        version = running if days[-1] <= 5 else candidate
        if version == running:
            StrategyVersion.objects.filter(pk=candidate.pk).update(status="retired")
            StrategyVersion.objects.filter(pk=running.pk).update(status="published")
        else:
            StrategyVersion.objects.filter(pk=running.pk).update(status="retired")
            StrategyVersion.objects.filter(pk=candidate.pk).update(status="published")
        assert totals(rehearsed(StrategyVersion.objects.get(pk=version.pk), *days)) == closed(*days), days


def test_everybody_may_be_taken_to_be_treated_under_it_at_once(book: list[Customer], rita: User) -> None:
    close_through(past_due(7), since=past_due(1))
    candidate = draft(rita, existing_cases="new_cases_only")

    assert rehearsed(candidate, 8)["cases_moved"] == 0
    assert rehearsed(candidate, 8, is_everybody=True)["cases_moved"] > 0


def test_a_simulation_that_breaks_leaves_no_shadow_behind(book: list[Customer], rita: User) -> None:
    close_through(past_due(7), since=past_due(1))
    candidate = draft(rita)
    candidate.document["steps"][1]["template"] = "nothing"

    with pytest.raises(Refused, match="There is no approved text “nothing”"):
        rehearsed(candidate, 8)

    with connection.cursor() as cursor:
        cursor.execute("select 'cases_case'::regclass = 'public.cases_case'::regclass")
        assert cursor.fetchone() == (True,)


def test_a_simulation_is_kept_beside_the_version_in_force(book: list[Customer], rita: User) -> None:
    close_through(past_due(7), since=past_due(1))
    candidate = draft(rita)

    asked = simulations.ask(version=candidate, first_date=past_due(7), last_date=past_due(8), by=rita, at=AT)
    strategy_drafts.change(version=candidate, document=candidate.document | {"name": "Later"}, by=rita, at=AT)
    simulations.run(simulation=asked, by=rita, at=AT)

    found = Simulation.objects.get()
    assert (found.status, found.progress.days_done, found.progress.days) == ("done", 4, 4)
    assert found.document["name"] == "Earlier"
    assert set(found.result) == {"days", "candidate", "running"}  # type: ignore[arg-type]
    assert found.result["running"]["tasks"] != found.result["candidate"]["tasks"]  # type: ignore[index]
    told = Operation.objects.filter(action="cases.simulate_strategy").order_by("at", "seq")
    assert [one.sentence.rpartition(" ")[2] for one in told] == ["running.", "done."]
    with pytest.raises(Refused, match="is run by somebody else"):
        simulations.run(simulation=asked, by=rita, at=AT)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (8, 7, "2026-04-07 lies before 2026-04-08."),
        (-40, 7, "A simulation takes up to 31 days."),
        (7, 9, "2026-04-09 is not closed: the last day that can be simulated is the next to close, 2026-04-08."),
    ],
)
def test_days_that_cannot_be_simulated_are_named(
    book: list[Customer], rita: User, first: int, last: int, sentence: str
) -> None:
    close_through(past_due(7), since=past_due(6))

    with pytest.raises(Refused) as refused:
        simulations.ask(
            version=draft(rita), first_date=past_due(first), last_date=past_due(last), by=rita, at=AT
        )  # fmt: skip

    assert refused.value.sentence == sentence


def test_a_simulation_waits_until_the_close_is_over(book: list[Customer], rita: User) -> None:
    close_through(past_due(7), since=past_due(6))
    Day.objects.create(date=past_due(8), status="closing", partitions=1, started_at=AT)

    with pytest.raises(Refused, match="A day is being closed: simulate when it is"):
        simulations.ask(version=draft(rita), first_date=past_due(7), last_date=past_due(7), by=rita, at=AT)


def test_what_is_no_shadow_may_not_be_written(book: list[Customer]) -> None:
    with pytest.raises(RuntimeError, match="A rehearsal wrote to customers_customer"), rehearsal._untouched():
        book[0].save()


def _moment(day: int) -> dt.datetime:
    from zoneinfo import ZoneInfo

    from apps.core.domain.dates import closing_moment

    return closing_moment(past_due(day), ZoneInfo("Asia/Shanghai"))
