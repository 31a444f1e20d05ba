import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection

from apps.access.models import User
from apps.cases.actions import cases, contacts, strategies, tasks
from apps.cases.domain.status import Outcome
from apps.cases.models import Case, Contact, Promise, StrategyVersion, Task
from apps.cases.queries import strategies as known
from apps.core.domain.actor import System
from apps.core.domain.refusal import Forbidden, Refused
from apps.customers.domain.contact import Channel
from apps.outreach.models import CallAttempt, GateDecision
from tests.cases.conftest import NOON, TODAY
from tests.factories import access
from tests.factories import cases as factory

D = Decimal
DAY = dt.timedelta(1)


def test_a_call_is_counted_and_its_task_is_done(case: Case, anna: User) -> None:
    task = factory.task(case, due_date=TODAY)

    contact = contacts.record(case=case, outcome=Outcome.NO_ANSWER, note="Rang out.", by=anna, at=NOON)

    assert (contact.task, contact.outcome, contact.contacted_date) == (task, "no_answer", TODAY)
    call = CallAttempt.objects.get()
    assert (contact.call, call.was_connected, call.decision.is_allowed) == (call, False, True)
    task.refresh_from_db()
    assert (task.status, task.outcome, task.done_by) == ("done", "no_answer", anna.actor_id)


def test_a_task_that_is_made_once_waits_until_the_customer_was_reached(case: Case, anna: User) -> None:
    task = factory.task(case, step="intensive", due_date=TODAY)

    contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=anna, at=NOON)
    task.refresh_from_db()
    assert task.status == "open"
    contacts.record(case=case, outcome=Outcome.HARDSHIP, by=anna, at=NOON)

    task.refresh_from_db()
    assert (task.status, task.outcome) == ("done", "hardship")


def test_a_promise_is_kept_with_its_contact(case: Case, anna: User) -> None:
    date = TODAY + 9 * DAY

    contacts.record(case=case, outcome=Outcome.PROMISE, promise=(D("600.00"), date), by=anna, at=NOON)

    promise = Promise.objects.get()
    assert (promise.case, promise.amount, promise.promised_date) == (case, D("600.00"), date)
    assert (promise.made_date, promise.status) == (TODAY, "open")
    assert promise.contact.outcome == "promise"


@pytest.mark.parametrize(
    ("amount", "days", "sentence"),
    [
        ("0.00", 1, "A promise is for an amount above zero."),
        ("1000.01", 1, "1000.01 is more than the 1000.00 that is owed."),
        ("10.00", -1, "2026-05-10 is in the past: the business date is 2026-05-11."),
        ("10.00", 31, "A promise is for 30 days ahead at most."),
    ],
)
def test_a_promise_that_is_none_is_refused_and_nothing_is_written(
    case: Case, anna: User, amount: str, days: int, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        contacts.record(case=case, outcome=Outcome.PROMISE, promise=(D(amount), TODAY + days * DAY), by=anna, at=NOON)

    assert refused.value.sentence == sentence
    assert not Contact.objects.exists()
    assert not CallAttempt.objects.exists()


def test_a_second_promise_waits_for_the_first_to_be_judged(case: Case, anna: User) -> None:
    factory.promise(case, "100.00", TODAY + DAY, made=TODAY)

    with pytest.raises(Refused, match="There is an open promise already"):
        contacts.record(case=case, outcome=Outcome.PROMISE, promise=(D("1.00"), TODAY), by=anna, at=NOON)


def test_a_promise_without_an_amount_is_none(case: Case, anna: User) -> None:
    with pytest.raises(Refused, match="an amount and a date"):
        contacts.record(case=case, outcome=Outcome.PROMISE, by=anna, at=NOON)
    with pytest.raises(Refused, match="an amount and a date"):
        contacts.record(case=case, outcome=Outcome.DISPUTE, promise=(D("1.00"), TODAY), by=anna, at=NOON)


def test_nobody_is_called_at_night(case: Case, anna: User) -> None:
    midnight = NOON + dt.timedelta(hours=12)

    with pytest.raises(Refused) as refused:
        contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=anna, at=midnight)

    assert refused.value.code.startswith("gate_")
    assert not Contact.objects.exists()


def test_an_agents_message_passes_the_gate_too(case: Case, anna: User) -> None:
    contacts.record(case=case, outcome=Outcome.RIGHT_PARTY, channel=Channel.WECHAT, by=anna, at=NOON)

    decision = GateDecision.objects.get()
    assert (decision.channel, decision.is_allowed) == ("wechat", True)
    assert not CallAttempt.objects.exists()


def test_an_agents_message_counts_in_the_caps(case: Case, anna: User) -> None:
    for _ in range(2):
        contacts.record(case=case, outcome=Outcome.RIGHT_PARTY, channel=Channel.SMS, by=anna, at=NOON)

    with pytest.raises(Refused) as refused:
        contacts.record(case=case, outcome=Outcome.RIGHT_PARTY, channel=Channel.SMS, by=anna, at=NOON)

    assert refused.value.code == "gate_operator_daily_sms"
    assert Contact.objects.count() == 2


def test_a_closed_case_is_left_alone(case: Case, anna: User) -> None:
    Case.objects.update(status="closed", close_reason="cured", closed_date=TODAY)

    with pytest.raises(Refused, match="Case K-C-1-1 is closed"):
        contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=anna, at=NOON)
    with pytest.raises(Refused, match="Case K-C-1-1 is closed"):
        cases.assign(case=case, to=anna, by=anna, at=NOON)


def test_nobody_works_on_their_own_account(case: Case) -> None:
    anna = access.person("anna", customer_reference="C-1")
    factory.task(case, due_date=TODAY)

    with pytest.raises(Forbidden, match="own account"):
        contacts.record(case=case, outcome=Outcome.NO_ANSWER, by=anna, at=NOON)
    with pytest.raises(Refused, match="own account"):
        cases.assign(case=case, to=anna, by=access.person("leo"), at=NOON)
    assert tasks.take_next(queue="agents", by=anna, at=NOON) is None


def test_the_next_task_is_the_one_most_worth_it(case: Case, anna: User) -> None:
    dearer = factory.case(priority=900)
    factory.task(case, due_date=TODAY)
    most = factory.task(dearer, due_date=TODAY)
    factory.task(factory.case(priority=999), due_date=TODAY + DAY)
    factory.task(factory.case(priority=999), due_date=TODAY, status="done", done_at=NOON, done_by="user:1")

    assert tasks.take_next(queue="agents", by=anna, at=NOON) == most
    dearer.refresh_from_db()
    assert dearer.owner == anna
    second = tasks.take_next(queue="agents", by=anna, at=NOON)
    assert second is not None
    assert second.case == case
    assert tasks.take_next(queue="agents", by=anna, at=NOON) is None


def test_a_review_does_not_take_the_case_from_its_agent(case: Case) -> None:
    factory.task(case, step="arbitration", kind="review", queue="managers", due_date=TODAY)

    task = tasks.take_next(queue="managers", by=access.person("maya"), at=NOON)

    assert task is not None
    case.refresh_from_db()
    assert case.owner is None


def test_a_finished_task_is_finished_once(case: Case, anna: User) -> None:
    task = factory.task(case, kind="review", due_date=TODAY)

    done = tasks.complete(task=task, outcome="put_off", by=anna, at=NOON)

    assert (done.status, done.outcome, done.done_at) == ("done", "put_off", NOON)
    with pytest.raises(Refused, match="cannot become"):
        tasks.complete(task=task, outcome="put_off", by=anna, at=NOON)
    with pytest.raises(Refused, match="one short word"):
        tasks.complete(task=task, outcome="", by=anna, at=NOON)


def test_a_case_is_given_to_somebody_with_its_open_tasks(case: Case, anna: User) -> None:
    factory.task(case, due_date=TODAY)
    leo = access.person("leo")

    cases.assign(case=case, to=anna, by=leo, at=NOON)

    assert Case.objects.get().owner == anna
    assert Task.objects.get().owner == anna
    cases.assign(case=case, to=None, by=leo, at=NOON)
    assert Task.objects.get().owner is None


def test_a_case_goes_to_nobody_who_does_not_work_on_cases(case: Case) -> None:
    with pytest.raises(Refused, match="does not work on cases"):
        cases.assign(case=case, to=access.person("otto"), by=access.person("leo"), at=NOON)


@pytest.mark.django_db
def test_the_next_version_of_a_strategy_retires_the_last(anna: User) -> None:
    (document,) = known.shipped()
    first = StrategyVersion.objects.get()
    assert str(known.in_force()) == "baitiao-standard@1"

    second = strategies.publish(document={**document, "version": 2}, by=anna, at=NOON)

    first.refresh_from_db()
    assert (first.status, second.status) == ("retired", "published")
    assert known.in_force() == second
    assert second.steps.count() == 9
    with pytest.raises(Refused, match="Version 2 of baitiao-standard does not follow version 2"):
        strategies.publish(document={**document, "version": 2}, by=anna, at=NOON)


@pytest.mark.django_db
def test_the_shipped_strategy_is_installed_once() -> None:
    assert strategies.install(by=System("migrate"), at=NOON, using="default") == 0


def test_ten_who_take_at_once_take_no_task_twice(fresh_database: str) -> None:
    from apps.closing.models import Day

    Day.objects.create(date=TODAY - DAY, status="closed", partitions=1, started_at=NOON, closed_at=NOON)
    for _ in range(20):
        factory.task(factory.case(opened=TODAY - DAY), due_date=TODAY)
    people = [access.person(f"agent-{number}") for number in range(10)]
    taken: list[Task | None] = []

    def work(agent: User) -> None:
        try:
            taken.extend(tasks.take_next(queue="agents", by=agent, at=NOON) for _ in range(3))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[agent]) for agent in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    got = [task.pk for task in taken if task]
    assert len(got) == len(set(got))
    assert Task.objects.filter(owner=None).count() == 20 - len(got)
