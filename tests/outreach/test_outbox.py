"""Planning: through the gate, in the customer's language, at the customer's hour, never twice."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.audit import actions as audit
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel, ContactKind
from apps.outreach.actions import outbox, publishing
from apps.outreach.domain.wanted import Planned
from apps.outreach.models import ConductRule, GateDecision, Message, Template
from tests.factories.customers import contact_point, reachable
from tests.factories.customers import customer as unreachable
from tests.factories.outreach import CLOSE, DUE, MIDNIGHT, plan, want

pytestmark = pytest.mark.django_db


def test_a_wanted_contact_is_queued_on_the_first_channel_with_its_text_and_decision() -> None:
    customer = reachable(reference="C-1", name="陈安娜")

    assert plan(want(customer)) == Planned(planned=1)

    message = Message.objects.select_related("decision", "contact_point").get()
    assert (message.reference, message.channel, message.status) == ("C-1-auto_reminder-2026-02-26", "sms", "planned")
    assert message.contact_point is not None
    assert message.address == message.contact_point.value
    assert "{name}您好" in message.body  # the name is put in when it is sent
    assert "CNY 1,234.50已于2026年2月26日到期" in message.body
    assert (message.due_date, message.planned_at) == (DUE, MIDNIGHT)
    assert message.decision.is_allowed
    assert message.decision.planned_at == message.scheduled_at
    assert message.decision.counters == "operator-daily-sms=0"
    assert "cn-quiet-hours@1" in message.decision.rules.split()


def test_a_repeated_plan_changes_nothing() -> None:
    customer = reachable()
    plan(want(customer))
    before = Message.objects.values().get()

    assert plan(want(customer)) == Planned(repeated=1)

    assert Message.objects.values().get() == before
    assert GateDecision.objects.count() == 1


def test_the_same_contact_twice_in_one_plan_is_one_message() -> None:
    customer = reachable()

    assert plan(want(customer), want(customer)) == Planned(planned=1, repeated=1)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Chatham"])
def test_a_message_leaves_in_the_morning_hours_of_the_place_where_the_customer_lives(zone: str) -> None:
    plan(want(reachable(time_zone=zone)))

    scheduled = Message.objects.get().scheduled_at
    assert scheduled >= MIDNIGHT
    assert dt.time(8) <= scheduled.astimezone(ZoneInfo(zone)).time() < dt.time(22)
    assert scheduled - MIDNIGHT < dt.timedelta(hours=13)


def test_a_customer_is_written_to_in_their_language() -> None:
    plan(want(reachable(name="Ann Reader", language="en")))

    assert "Hello {name}, this is Whiteslip." in Message.objects.get().body


def test_without_consent_on_the_first_channel_the_next_one_is_taken_and_both_decisions_are_kept() -> None:
    customer = unreachable()
    contact_point(customer, ContactKind.PHONE, consented_date=None)
    contact_point(customer, ContactKind.EMAIL, value="a@customers.example")

    assert plan(want(customer)) == Planned(planned=1)

    message = Message.objects.get()
    assert (message.channel, message.address.clear) == ("email", "a@customers.example")
    decisions = GateDecision.objects.order_by("id").values_list("channel", "is_allowed", "reasons")
    assert list(decisions) == [("sms", False, "consent"), ("app", False, "contact-point"), ("email", True, "")]


def test_a_contact_that_no_channel_allows_is_kept_with_its_reason() -> None:
    customer = unreachable()
    contact_point(customer, is_valid=False)

    assert plan(want(customer, channels=(Channel.SMS, Channel.QQ))) == Planned(blocked=1)

    message = Message.objects.select_related("decision").get()
    assert (message.status, message.channel, message.decision.reasons) == ("blocked", "sms", "contact-point")


def test_a_third_sms_on_a_day_goes_another_way() -> None:
    customer = reachable()
    wanted = [want(customer, purpose=purpose) for purpose in ("first", "second", "third")]

    plan(*wanted[:1])
    plan(*wanted[1:])

    assert list(Message.objects.order_by("id").values_list("channel", flat=True)) == ["sms", "sms", "app"]


def test_a_better_contact_point_is_preferred_to_an_older_one() -> None:
    customer = unreachable()
    contact_point(customer, value="+86 1", is_valid=False)
    contact_point(customer, value="+86 2")

    plan(want(customer))

    assert Message.objects.get().address.clear == "+86 2"


def test_an_unknown_text_is_refused_and_nothing_is_queued() -> None:
    with pytest.raises(Refused) as refusal:
        plan(want(reachable(), template="poem"))

    assert refusal.value.code == "template_unknown"
    assert not Message.objects.exists()


def test_as_many_statements_for_thirty_customers_as_for_one() -> None:
    one, thirty = [want(reachable())], [want(reachable()) for _ in range(30)]

    counts = []
    for wanted in (one, thirty):
        with audit.operation("closing.step", by=CLOSE, at=MIDNIGHT), CaptureQueriesContext(connection) as statements:
            outbox.plan(wanted=wanted, by=CLOSE, at=MIDNIGHT)
        counts.append(len(statements))

    assert counts[0] == counts[1]


def test_the_shipped_rules_and_texts_are_there_and_a_second_installation_adds_nothing() -> None:
    rules, templates = ConductRule.objects.count(), Template.objects.count()

    assert publishing.install(by=CLOSE, at=MIDNIGHT, using="default") == 0

    assert (ConductRule.objects.count(), Template.objects.count()) == (rules, templates) == (10, 40)


def test_a_lost_rule_comes_back_and_the_trail_shows_it() -> None:
    ConductRule.objects.filter(code="consent").delete()

    assert publishing.install(by=CLOSE, at=MIDNIGHT, using="default") == 1

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sentence FROM audit.operation WHERE action = 'outreach.install' ORDER BY seq DESC LIMIT 1"
        )
        assert cursor.fetchone() == ("Installed 1 conduct rules and texts.",)
