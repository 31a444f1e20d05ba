"""The gate: never at night, never too often, never without consent, never to anybody else."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.outreach.domain import gate, routing, rules
from apps.outreach.domain.contact import Contact, Past, Point
from tests.outreach.shipped import RULES

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONSENTED = Point(1, consented_date=dt.date(1990, 1, 1))
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)  # noon in Shanghai

ODD = (  # clocks that change at midnight, by half an hour, twice a year or by a whole day
    *("Africa/Cairo", "Africa/Casablanca", "America/Havana", "America/New_York", "America/Sao_Paulo"),
    *("America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza", "Asia/Kathmandu", "Asia/Shanghai"),
    *("Asia/Tehran", "Asia/Urumqi", "Australia/Lord_Howe", "Europe/Dublin", "Europe/London", "Pacific/Apia"),
    *("Pacific/Chatham", "Pacific/Kiritimati"),
)
zones = st.sampled_from(ODD) | st.sampled_from(sorted(available_timezones() - {"localtime"}))
seconds = st.integers(int(dt.datetime(1995, 1, 1, tzinfo=dt.UTC).timestamp()), 1_900_000_000)
moments = seconds.map(lambda second: dt.datetime.fromtimestamp(second, tz=dt.UTC))
channels = st.sampled_from(Channel)


def at(hour: int, minute: int = 0, second: int = 0, day: int = 2) -> dt.datetime:
    return dt.datetime(2026, 3, day, hour, minute, second, tzinfo=SHANGHAI).astimezone(dt.UTC)


def contact(channel: Channel, point: Point | None = CONSENTED, zone: ZoneInfo = SHANGHAI, text: str = "") -> Contact:
    return Contact(channel, zone, point, text)


def calls(count: int, when: dt.datetime, *, connected: bool, point: int = 1) -> list[Past]:
    return [Past(Channel.CALL, when - dt.timedelta(minutes=n), point, connected) for n in range(count)]


@st.composite
def histories(draw: st.DrawFn, around: dt.datetime) -> list[Past]:
    ages = draw(st.lists(st.integers(-86_400, 9 * 86_400), max_size=30))
    return [
        Past(
            draw(channels), around - dt.timedelta(seconds=age), draw(st.sampled_from([1, 2, None])), draw(st.booleans())
        )
        for age in ages
    ]


@given(channel=channels, zone=zones, when=moments)
def test_nothing_is_ever_allowed_in_the_quiet_hours_of_the_debtors_place(
    channel: Channel, zone: str, when: dt.datetime
) -> None:
    place = ZoneInfo(zone)

    decision = gate.decide(RULES, contact(channel, zone=place), [], when)

    clock = when.astimezone(place).time()
    assert decision.is_allowed == (dt.time(8) <= clock < dt.time(22))


@given(channel=channels, zone=zones, when=moments, data=st.data())
def test_the_next_allowed_moment_is_allowed_and_never_earlier(
    channel: Channel, zone: str, when: dt.datetime, data: st.DataObject
) -> None:
    asked = contact(channel, zone=ZoneInfo(zone))
    history = data.draw(histories(when))

    moment = gate.next_allowed(RULES, asked, history, when)

    assert moment is not None
    assert moment >= when
    assert gate.decide(RULES, asked, history, moment).is_allowed
    assert (moment == when) == gate.decide(RULES, asked, history, when).is_allowed


@given(channel=channels, zone=zones, when=moments, data=st.data())
def test_no_moment_before_the_next_allowed_one_is_allowed(
    channel: Channel, zone: str, when: dt.datetime, data: st.DataObject
) -> None:
    asked = contact(channel, zone=ZoneInfo(zone))
    history = data.draw(histories(when))
    moment = gate.next_allowed(RULES, asked, history, when)
    assert moment is not None

    waiting = int((moment - when).total_seconds())
    between = data.draw(st.lists(st.integers(0, max(waiting - 1, 0)), max_size=20))

    earlier = [when + dt.timedelta(seconds=seconds) for seconds in between if waiting]
    assert not any(gate.decide(RULES, asked, history, other).is_allowed for other in earlier)


@given(when=moments, zone=zones, tries=st.lists(st.integers(0, 3 * 86_400), max_size=60), connected=st.booleans())
def test_whoever_follows_the_gate_never_calls_more_often_than_the_caps_allow(
    when: dt.datetime, zone: str, tries: list[int], connected: bool
) -> None:
    place, made = ZoneInfo(zone), list[Past]()

    for seconds in sorted(tries):
        moment = when + dt.timedelta(seconds=seconds)
        if gate.decide(RULES, contact(Channel.CALL, zone=place), made, moment).is_allowed:
            made.append(Past(Channel.CALL, moment, 1, connected))

    days = [past.at.astimezone(place).date() for past in made]
    assert all(days.count(day) <= (3 if connected else 6) for day in days)
    assert len(made) <= 10


@given(when=moments, key=st.text(max_size=20), zone=zones)
def test_a_message_is_scheduled_in_the_allowed_hours_and_always_at_the_same_moment(
    when: dt.datetime, key: str, zone: str
) -> None:
    place, hours = ZoneInfo(zone), gate.hours(RULES)

    moment = routing.moment(hours, place, when, key)

    assert moment >= when
    assert gate.decide(RULES, contact(Channel.SMS, zone=place), [], moment).is_allowed
    assert routing.moment(hours, place, when, key) == moment


@pytest.mark.parametrize(
    ("when", "allowed"),
    [(at(7, 59, 59), False), (at(8), True), (at(21, 59, 59), True), (at(22), False), (at(0), False)],
)
def test_the_quiet_hours_begin_at_ten_sharp_and_are_over_at_eight_sharp(when: dt.datetime, allowed: bool) -> None:
    assert gate.decide(RULES, contact(Channel.APP), [], when).is_allowed is allowed


def test_the_quiet_hours_are_those_of_the_debtors_place_not_of_the_office() -> None:
    urumqi = contact(Channel.SMS, zone=ZoneInfo("Asia/Urumqi"))

    assert gate.decide(RULES, urumqi, [], at(9)).reasons == ("cn-quiet-hours",)
    assert gate.next_allowed(RULES, urumqi, [], at(9)) == at(10)


def test_a_fourth_connected_call_on_one_day_is_blocked_until_the_next_morning() -> None:
    decision = gate.decide(RULES, contact(Channel.CALL), calls(3, NOON, connected=True), NOON)

    assert decision.reasons == ("cn-connected-calls",)
    assert decision.counters["cn-connected-calls"] == 3
    assert gate.next_allowed(RULES, contact(Channel.CALL), calls(3, NOON, connected=True), NOON) == at(8, day=3)


def test_unanswered_attempts_are_counted_for_each_number() -> None:
    elsewhere = calls(6, NOON, connected=False, point=2)
    here = calls(6, NOON, connected=False, point=1)

    assert gate.decide(RULES, contact(Channel.CALL), elsewhere, NOON).is_allowed
    assert gate.decide(RULES, contact(Channel.CALL), here, NOON).reasons == ("cn-unanswered-attempts",)


def test_ten_calls_in_seven_days_are_enough() -> None:
    history = [past for day in range(5) for past in calls(2, NOON - dt.timedelta(days=day + 1), connected=True)]

    assert gate.decide(RULES, contact(Channel.CALL), history, NOON).reasons == ("operator-weekly-calls",)
    assert gate.decide(RULES, contact(Channel.CALL), history[:-1], NOON).is_allowed
    assert gate.next_allowed(RULES, contact(Channel.CALL), history, NOON) == at(8, day=4)


def test_a_third_sms_on_one_day_is_blocked_while_an_email_may_go() -> None:
    sent = [Past(Channel.SMS, NOON, 1), Past(Channel.SMS, at(20), 1)]

    assert gate.decide(RULES, contact(Channel.SMS), sent, NOON).reasons == ("operator-daily-sms",)
    assert gate.decide(RULES, contact(Channel.EMAIL), sent, NOON).is_allowed


@pytest.mark.parametrize("channel", Channel)
def test_without_a_contact_point_or_at_a_wrong_one_nobody_is_contacted(channel: Channel) -> None:
    wrong = Point(1, is_valid=False, consented_date=dt.date(1990, 1, 1))

    assert gate.decide(RULES, contact(channel, None), [], NOON).reasons == ("contact-point",)
    assert gate.decide(RULES, contact(channel, wrong), [], NOON).reasons == ("contact-point",)
    assert gate.next_allowed(RULES, contact(channel, None), [], NOON) is None


@pytest.mark.parametrize("channel", [channel for channel in Channel if channel is not Channel.CALL])
def test_without_consent_nobody_is_written_to(channel: Channel) -> None:
    silent, later = Point(1), Point(1, consented_date=dt.date(2026, 3, 3))

    assert gate.decide(RULES, contact(channel, silent), [], NOON).reasons == ("consent",)
    assert gate.decide(RULES, contact(channel, later), [], NOON).reasons == ("consent",)


def test_a_call_needs_a_number_but_no_consent() -> None:
    assert gate.decide(RULES, contact(Channel.CALL, Point(1)), [], NOON).is_allowed


def test_third_parties_are_never_contacted() -> None:
    stranger = Contact(Channel.CALL, SHANGHAI, CONSENTED, is_third_party=True)

    assert gate.decide(RULES, stranger, [], NOON).reasons == ("cn-debtor-only",)
    assert gate.next_allowed(RULES, stranger, [], NOON) is None


@pytest.mark.parametrize("text", ["The POLICE will come", "我们将上门催收", "This is your Final Warning"])
def test_banned_wording_is_blocked_however_it_is_written(text: str) -> None:
    assert gate.decide(RULES, contact(Channel.EMAIL, text=text), [], NOON).reasons == ("cn-banned-wording",)


def test_what_waited_too_long_is_not_said_any_more() -> None:
    asked = Contact(Channel.EMAIL, SHANGHAI, CONSENTED, wanted_since=NOON - dt.timedelta(hours=49))

    assert gate.decide(RULES, asked, [], NOON).reasons == ("operator-freshness",)


def test_without_rules_nobody_is_contacted() -> None:
    assert gate.decide((), contact(Channel.CALL), [], NOON).reasons == (gate.NO_RULES,)


def test_the_strictest_of_two_rules_in_force_wins_and_both_are_named() -> None:
    strict = rules.parse("operator-daily-calls", 3, "cap", {"channels": ["call"], "days": 1, "limit": 1})

    decision = gate.decide((*RULES, strict), contact(Channel.CALL), calls(1, NOON, connected=True), NOON)

    assert decision.reasons == ("operator-daily-calls",)
    assert {"operator-daily-calls@3", "cn-connected-calls@1"} <= set(decision.rules)


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        ("cap", {"channels": ["pigeon"], "days": 1, "limit": 1}),
        ("cap", {"channels": ["call"], "days": 1}),
        ("quiet_hours", {"start": "25:00", "end": "08:00"}),
        ("moon_phase", {}),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(kind: str, parameters: dict[str, object]) -> None:
    with pytest.raises(Refused, match="odd-rule@1 cannot be read"):
        rules.parse("odd-rule", 1, kind, parameters)
