"""Which channel a message takes, and when: the first in order of preference to which the gate says yes."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from apps.customers.domain.contact import Channel
from apps.outreach.domain import gate
from apps.outreach.domain.contact import Contact, Past, Point
from apps.outreach.domain.gate import Decision
from apps.outreach.domain.rules import Rule

SPREAD = 2 * 60 * 60  # seconds over which the messages of one night leave, so that they do not all go at eight o'clock


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate said to one contact at the moment it would happen."""

    contact: Contact
    decision: Decision
    at: dt.datetime


def route(
    rules: Sequence[Rule], contacts: Iterable[Contact], history: Sequence[Past], at: dt.datetime
) -> tuple[Answer, ...]:
    """Ask the gate for one contact after the other until it says yes; only the last answer can be a yes."""
    answers: list[Answer] = []
    for contact in contacts:
        answers.append(Answer(contact, gate.decide(rules, contact, history, at), at))
        if answers[-1].decision.is_allowed:
            break
    return tuple(answers)


def moment(hours: tuple[Rule, ...], zone: ZoneInfo, after: dt.datetime, key: str) -> dt.datetime:
    """A moment within the hours allowed at the debtor's place, spread by the key so that it is always the same."""
    late = int.from_bytes(sha256(key.encode()).digest()[:4]) % SPREAD
    spread = opening(hours, zone, after) + dt.timedelta(seconds=late)
    return gate.next_allowed(hours, Contact(Channel.APP, zone), (), spread) or spread


@lru_cache(maxsize=1024)
def opening(hours: tuple[Rule, ...], zone: ZoneInfo, after: dt.datetime) -> dt.datetime:
    """When the hours at a place open, the same for everybody who lives there."""
    return gate.next_allowed(hours, Contact(Channel.APP, zone), (), after) or after


def best(points: Sequence[Point]) -> Point | None:
    """The contact point to use: the first that is valid and consented to, else the first, else none."""
    usable = (point for point in points if point.is_valid and point.consented_date is not None)
    return next(usable, points[0] if points else None)
