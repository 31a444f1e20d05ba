"""A night planned at once is the night planned message by message, whoever is written to and whatever the rules are."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from apps.audit import actions as audit
from apps.core import sql
from apps.customers.domain.contact import Channel, ContactKind
from apps.customers.models import Customer
from apps.outreach.actions import outbox, singly
from apps.outreach.domain import gate, routing, sorts
from apps.outreach.domain.rules import QuietHours
from apps.outreach.domain.wanted import Planned, Wanted
from apps.outreach.models import ConductRule, GateDecision, Message, Template
from tests.factories.customers import contact_point, customer
from tests.factories.outreach import CLOSE, MIDNIGHT, plan, want
from tests.outreach.shipped import RULES
from tests.outreach.test_gate import moments, zones

Way = Callable[..., Planned]
Night = tuple[Planned, list[tuple[object, ...]], list[tuple[object, ...]]]

NAMES = (
    "陈安娜",
    "Ann Reader",
    "{amount} 100%",
    "İnci Straße",
    "Arrest Ed",
    "final",
    "·",
    "Ωmega",
    "",
    "%s \\",
    "O'Neill",
)
PLACES = ("Asia/Shanghai", "Asia/Urumqi", "America/New_York", "Pacific/Chatham", "Asia/Tehran", "Europe/London")
MESSAGE = (
    *("reference", "purpose", "channel", "contact_point", "template", "due_date", "address", "subject", "body"),
    *("status", "planned_at", "scheduled_at", "attempts", "decision__channel", "decision__is_allowed"),
)
DECISION = ("customer", "channel", "planned_at", "decided_at", "is_allowed", "reasons", "counters", "rules")


class Undone(Exception):
    pass


def somebody(chance: Random) -> Customer:
    made = customer(
        name=chance.choice(NAMES),
        language=chance.choice(("zh-hans", "zh-hans", "en", "fr")),
        time_zone=chance.choice(PLACES),
    )
    for _ in range(chance.randrange(8)):
        consented = chance.choice(
            (None, dt.date(2020, 1, 1), MIDNIGHT.date(), dt.date(2026, 3, 2), dt.date(2026, 3, 3))
        )
        contact_point(made, chance.choice(list(ContactKind)), is_valid=chance.random() < 0.7, consented_date=consented)
    return made


def something(chance: Random, to: Customer) -> Wanted:
    return want(
        to,
        purpose=chance.choice(("pre_due", "auto_reminder", "social")),
        template=chance.choice(("pre_due", "auto_reminder", "social")),
        channels=tuple(chance.sample((Channel.SMS, Channel.APP, Channel.EMAIL, Channel.WECHAT), chance.randint(1, 4))),
        amount=Decimal(chance.choice((1, 99_999, 123_456_789, 999_999_999_999))) / 100,
        days_past_due=chance.choice((-3, 3, 8)),
    )


def night(way: Way, wanted: Sequence[Wanted]) -> Night:
    """What a way of planning leaves behind; it is undone."""
    try:
        with audit.operation("closing.step", by=CLOSE, at=MIDNIGHT):
            done = way(wanted=wanted, by=CLOSE, at=MIDNIGHT)
            messages = list(Message.objects.order_by("reference").values_list(*MESSAGE))
            decisions = GateDecision.objects.order_by("customer", "id").values_list(*DECISION)
            found = done, messages, list(decisions)
            raise Undone
    except Undone:
        return found


def a_rule(code: str, kind: str, **parameters: object) -> None:
    ConductRule.objects.create(
        code=code, version=7, kind=kind, parameters=parameters, effective_date=dt.date(2000, 1, 1), source="a test"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_planned_at_once_or_one_by_one_a_night_is_the_same(seed: int) -> None:
    chance = Random(seed)
    everybody = [somebody(chance) for _ in range(40)]
    if seed % 2:
        a_rule("weekly", "cap", channels=["sms", "app", "call"], days=7, limit=1)
    if seed == 2:
        a_rule("lunch", "quiet_hours", start="09:00", end="10:00")
    if seed == 3:
        Template.objects.filter(code="social", language="zh-hans").delete()
        Template.objects.filter(code="pre_due", channel="app").update(body="Dear {name}, 100% of {amount} Last {days}")
    if seed == 4:
        ConductRule.objects.all().delete()
    before = [something(chance, to) for to in everybody[:15]]
    plan(*before, at=MIDNIGHT - dt.timedelta(chance.choice((0, 1))))
    wanted = [something(chance, to) for to in everybody for _ in range(chance.choice((0, 1, 1, 1, 2)))]
    wanted = list({(one.customer, one.purpose): one for one in wanted}.values())

    at_once, one_by_one = night(outbox.plan, wanted), night(singly.plan, wanted)

    assert at_once == one_by_one
    assert at_once[0].planned + at_once[0].blocked >= 20


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["陈安娜", "Arrest Ed"])  # a person's name is no wording: it is put in when it is sent
def test_who_is_like_others_is_asked_for_with_them_and_nobody_reads_their_history(name: str) -> None:
    alike = customer(name=name)
    contact_point(alike)

    with CaptureQueriesContext(connection) as statements:
        assert plan(want(alike)) == Planned(planned=1)

    read = [statement for statement in statements if sql.load("outreach", "history")[:40] in statement["sql"]]
    assert read == []


@given(zone=zones, after=moments)
def test_on_a_plain_way_every_moment_of_a_night_is_on_one_day_and_allowed(zone: str, after: dt.datetime) -> None:
    place, hours = ZoneInfo(zone), gate.hours(RULES)

    way = sorts.way(RULES, place, Channel.SMS, after)

    if way.is_plain:
        for seconds in (0, 1, routing.SPREAD // 2, routing.SPREAD - 1):
            moment = way.opens_at + dt.timedelta(seconds=seconds)
            assert moment.astimezone(place).date() == way.date
            assert all(rule.allows(sorts.Sort(way, "none", "none").contact(), (), moment) for rule in hours)


@given(start=st.times(), end=st.times(), first=st.times(), length=st.integers(1, 7200), second=st.integers(0, 7199))
def test_hours_that_spare_a_stretch_allow_every_moment_of_it(
    start: dt.time, end: dt.time, first: dt.time, length: int, second: int
) -> None:
    place = ZoneInfo("Asia/Shanghai")
    rule = QuietHours("hours", 1, start, end)
    begin = dt.datetime.combine(dt.date(2026, 3, 2), first, place)
    until = begin + dt.timedelta(seconds=length)
    moment = begin + dt.timedelta(seconds=second % length)

    if until.date() == begin.date() and rule.spares(first, until.time()):
        assert rule.allows(
            sorts.Sort(sorts.way(RULES, place, Channel.SMS, begin), "none", "none").contact(), (), moment
        )
