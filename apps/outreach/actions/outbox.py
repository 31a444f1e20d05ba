"""Queueing messages: a night's at once, the gate asked for every sort of contact among them, nothing twice."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection

from apps.core import sql
from apps.core.domain.actor import Actor
from apps.customers.domain.contact import SERVED_BY, Channel
from apps.outreach import registry
from apps.outreach.actions import singly
from apps.outreach.domain import routing, sorts, texts
from apps.outreach.domain.rules import Rule
from apps.outreach.domain.sorts import Sort, Way
from apps.outreach.domain.wanted import Planned, Wanted
from apps.outreach.queries import people, rules, templates
from apps.outreach.queries.templates import Text

Row = tuple[Any, ...]


def plan(*, wanted: Sequence[Wanted], by: Actor, at: dt.datetime) -> Planned:
    """Queue these messages for the next moments allowed after `at`, or keep why they are blocked.

    Part of the caller's transaction and of its audit operation. Idempotent: a message that is there already stays as
    it is. Refused where a text does not exist or names what is not known.
    """
    begin(by=by, at=at)
    _execute("want", [list(column) for column in zip(*map(_row, wanted), strict=True)] or [[]] * 9)
    found = plan_wanted(by=by, at=at)
    return Planned(found.planned, found.blocked, len(wanted) - found.planned - found.blocked)


def begin(*, by: Actor, at: dt.datetime) -> None:
    """Have the table `outreach_wanted` empty, for statements that note down there what is to be said."""
    _execute("tables")


def plan_wanted(*, by: Actor, at: dt.datetime) -> Planned:
    """Queue what `outreach_wanted` holds, as `plan` does; what was there already is not counted."""
    in_force = rules.in_force(at)
    _execute("freshen")
    if stopped := registry.stopped(at):
        _execute("single_out", {"customers": stopped})
    shapes = _rows("shapes")
    if not shapes:
        return Planned()
    ways = _ways(in_force, shapes, at)
    said = _texts(shapes)
    _ask(ways, said)
    found = [Sort(ways[number - 1], point, consent) for number, point, consent in _rows("sorts")]
    ((planned, blocked, left),) = _rows("queue", _names(in_force, ways, said, found, at))
    one_by_one = singly.plan(wanted=_wanted(left), by=by, at=at)
    return Planned(planned + one_by_one.planned, blocked + one_by_one.blocked)


def _ways(in_force: Sequence[Rule], shapes: Sequence[Row], at: dt.datetime) -> list[Way]:
    places = sorted({(zone, channel) for zone, _, _, channels in shapes for channel in channels})
    return [sorts.way(in_force, people.zone(zone), Channel(channel), at) for zone, channel in places]


def _texts(shapes: Sequence[Row]) -> dict[tuple[str, str, str], Text]:
    """The texts that there are of those that may be needed, by code, channel and language."""
    library = templates.library()
    keys = sorted({(code, channel, language) for _, language, code, channels in shapes for channel in channels})
    found = {key: library.find(key[0], Channel(key[1]), key[2]) for key in keys}
    return {key: text for key, text in found.items() if text is not None}


def _ask(ways: Sequence[Way], said: Mapping[tuple[str, str, str], Text]) -> None:
    _execute(
        "ask",
        {
            "way_zones": [way.zone.key for way in ways],
            "way_channels": [way.channel.value for way in ways],
            "way_kinds": [SERVED_BY[way.channel].value for way in ways],
            "way_days": [way.date for way in ways],
            "way_counts": [" ".join(way.counts) for way in ways],
            "way_since": [way.since for way in ways],
            "way_plain": [way.is_plain for way in ways],
            "since": min(way.since for way in ways),
            "text_codes": [code for code, _, _ in said],
            "text_channels": [channel for _, channel, _ in said],
            "text_languages": [language for _, _, language in said],
        },
    )


def _names(
    in_force: Sequence[Rule],
    ways: Sequence[Way],
    said: Mapping[tuple[str, str, str], Text],
    found: Sequence[Sort],
    at: dt.datetime,
) -> dict[str, Any]:
    answers = [sorts.decide(in_force, sort) for sort in found]
    words = [answer.words() for answer in answers]
    return {
        "at": at,
        "way_channels": [way.channel.value for way in ways],
        "way_opens": [way.opens_at for way in ways],
        "text_templates": [text.template for text in said.values()],
        "text_subjects": [texts.numbered(text.subject) for text in said.values()],
        "text_bodies": [texts.numbered(text.body) for text in said.values()],
        "text_folded": [texts.numbered((*text.subject, ("\n", None), *text.body)).casefold() for text in said.values()],
        "sort_ways": [ways.index(sort.way) + 1 for sort in found],
        "sort_points": [sort.point for sort in found],
        "sort_consents": [sort.consent for sort in found],
        "allowed": [answer.is_allowed for answer in answers],
        "reasons": [reasons for reasons, _, _ in words],
        "counters": [counters for _, counters, _ in words],
        "rules": [asked for _, _, asked in words],
        "spread": routing.SPREAD,
        "lender": settings.LENDER_NAME,
        "folded_lender": settings.LENDER_NAME.casefold(),
        "banned": sorts.banned(in_force),
    }


def _row(want: Wanted) -> Row:
    return (
        want.customer, want.purpose, want.template, " ".join(want.channels), want.anchor_date, want.due_date,
        want.amount, want.currency, want.days_past_due,
    )  # fmt: skip


def _wanted(numbers: Sequence[int]) -> list[Wanted]:
    if not numbers:
        return []
    return [
        Wanted(customer, purpose, template, tuple(map(Channel, channels)), *rest)
        for customer, purpose, template, channels, *rest in _rows("singles", {"numbers": list(numbers)})
    ]


def _execute(name: str, names: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("outreach", f"plan/{name}"), names)


def _rows(name: str, names: Any = None) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("outreach", f"plan/{name}"), names)
        found: list[Row] = cursor.fetchall()
        return found
