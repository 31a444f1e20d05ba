"""Calls and messages by hand: gated, counted, refused with a sentence that can be read aloud."""

import datetime as dt

import pytest
from django.db import connection

from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel, ContactKind
from apps.customers.models import ContactPoint, Customer
from apps.outreach.actions import calls, notes
from apps.outreach.models import CallAttempt, GateDecision, Message
from apps.outreach.queries import gate
from tests.factories.access import person
from tests.factories.customers import customer as unreachable
from tests.factories.customers import reachable
from tests.factories.outreach import NOON, queued

pytestmark = pytest.mark.django_db


def call(
    customer: Customer, at: dt.datetime = NOON, *, connected: bool = True, point: ContactPoint | None = None
) -> CallAttempt:
    return calls.record(
        customer=customer, was_connected=connected, called_at=at, by=System("tests"), at=at, contact_point=point
    )


def test_a_call_is_kept_with_its_decision_the_number_and_who_called() -> None:
    customer, anna = reachable(), person("anna")

    made = calls.record(customer=customer, was_connected=True, called_at=NOON, by=anna, at=NOON)

    assert made.contact_point == customer.contact_points.get(kind=ContactKind.PHONE)
    assert (made.called_by, made.was_connected) == (anna.actor_id, True)
    assert (made.decision.is_allowed, made.decision.channel) == (True, "call")


def test_a_fourth_connected_call_is_refused_and_the_refusal_is_kept() -> None:
    customer = reachable()
    for minute in range(3):
        call(customer, NOON + dt.timedelta(minutes=minute))

    with pytest.raises(Refused) as refusal:
        call(customer, NOON + dt.timedelta(hours=1))

    assert refusal.value.code == "gate_cn_connected_calls"
    assert refusal.value.sentence == (
        "The customer may not be called: The customer was reached by telephone three times today."
    )
    assert CallAttempt.objects.count() == 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT sentence FROM audit.operation WHERE decision = 'deny'")
        assert cursor.fetchall() == [(refusal.value.sentence,)]


def test_a_call_at_night_is_refused() -> None:
    with pytest.raises(Refused) as refusal:
        call(reachable(), NOON + dt.timedelta(hours=11))

    assert refusal.value.code == "gate_cn_quiet_hours"


def test_a_number_of_somebody_else_is_refused() -> None:
    stranger = reachable().contact_points.get(kind=ContactKind.PHONE)

    with pytest.raises(Refused) as refusal:
        call(reachable(), point=stranger)

    assert refusal.value.code == "contact_point_foreign"


def test_the_explanation_writes_nothing_and_names_the_next_moment_and_the_counters() -> None:
    customer = reachable()
    for minute in range(3):
        call(customer, NOON + dt.timedelta(minutes=minute))
    decisions = GateDecision.objects.count()

    answer = gate.explain(customer, Channel.CALL, NOON + dt.timedelta(hours=1))

    assert not answer.is_allowed
    assert answer.reasons == ("cn-connected-calls",)
    assert answer.next_allowed_at == dt.datetime(2026, 3, 3, 0, tzinfo=dt.UTC)
    assert answer.counters == {"cn-connected-calls": 3, "cn-unanswered-attempts": 0, "operator-weekly-calls": 3}
    assert GateDecision.objects.count() == decisions


def test_the_explanation_of_what_no_waiting_helps_names_no_moment() -> None:
    answer = gate.explain(unreachable(), Channel.EMAIL, NOON)

    assert (answer.reasons, answer.next_allowed_at) == (("contact-point",), None)
    assert answer.sentences == ("There is no valid contact point for this channel.",)


def test_the_explanation_counts_what_is_queued_for_the_day() -> None:
    customer = reachable()
    for purpose in ("first", "second"):
        queued(customer, Channel.SMS, purpose=purpose)

    answer = gate.explain(customer, Channel.SMS, NOON)

    assert (answer.reasons, answer.counters) == (("operator-daily-sms",), {"operator-daily-sms": 2})
    assert Message.objects.filter(status="planned").count() == 2


def test_a_message_written_by_hand_counts_like_any_other() -> None:
    customer, anna = reachable(reference="C-1"), person("anna")
    written = [notes.record(customer=customer, channel=Channel.SMS, sent_at=NOON, by=anna, at=NOON) for _ in range(2)]

    with pytest.raises(Refused) as refusal:
        notes.record(customer=customer, channel=Channel.SMS, sent_at=NOON, by=anna, at=NOON)

    assert refusal.value.sentence == "The customer has two text messages that day already."
    assert {(message.status, message.sent_at, message.purpose) for message in written} == {("sent", NOON, "by_hand")}
    assert written[0].contact_point == customer.contact_points.get(kind=ContactKind.PHONE)
    assert gate.explain(customer, Channel.SMS, NOON).counters == {"operator-daily-sms": 2}
