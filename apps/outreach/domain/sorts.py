"""Sorts of contact: what a night's messages have in common, so that the gate is asked once for all of a sort."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from apps.customers.domain.contact import Channel
from apps.outreach.domain import gate, routing
from apps.outreach.domain.contact import Contact, Point
from apps.outreach.domain.gate import Decision
from apps.outreach.domain.rules import Cap, Consent, DebtorOnly, Freshness, QuietHours, Reachable, Rule, Wording

# A sort holds all that the answers of these depend on, once the text is clean and nothing is counted beside it.
KNOWN = (Cap, Consent, DebtorOnly, Freshness, QuietHours, Reachable, Wording)
TEXT = "\n"  # between subject and body, so a part of every text: a phrase found in it would be found in all
DAY = dt.timedelta(1)


@dataclass(frozen=True, slots=True)
class Way:
    """A channel at a place, on one night: when messages leave by it, and which contacts since when are counted.

    Only on a plain way do all moments of the night lie on one day and are allowed by the clock.
    """

    zone: ZoneInfo
    channel: Channel
    opens_at: dt.datetime
    date: dt.date
    counts: frozenset[Channel]
    since: dt.datetime
    is_plain: bool


@dataclass(frozen=True, slots=True)
class Sort:
    """A way with what matters of the contact point: `none`, `wrong` or `valid`; consent `none`, `given` or `later`."""

    way: Way
    point: str
    consent: str

    def contact(self) -> Contact:
        """A contact that stands for all of the sort."""
        consented = {"none": None, "given": self.way.date, "later": self.way.date + DAY}[self.consent]
        point = None if self.point == "none" else Point(0, self.point == "valid", consented)
        return Contact(self.way.channel, self.way.zone, point, TEXT)


def way(rules: Sequence[Rule], zone: ZoneInfo, channel: Channel, after: dt.datetime) -> Way:
    """How messages leave by a channel at a place on the night after a moment."""
    hours = gate.hours(rules)
    opens_at = routing.opening(hours, zone, after)
    date = opens_at.astimezone(zone).date()
    caps = [rule for rule in rules if isinstance(rule, Cap) and channel in rule.channels]
    first = date - DAY * (max((cap.days for cap in caps), default=1) - 1)
    return Way(
        zone,
        channel,
        opens_at,
        date,
        frozenset().union(*(cap.channels for cap in caps)),
        dt.datetime.combine(first, dt.time.min, tzinfo=zone).astimezone(dt.UTC),
        _is_plain(rules, zone, opens_at),
    )


def decide(rules: Sequence[Rule], sort: Sort) -> Decision:
    """What the gate says to every contact of the sort whose text is clean and beside which nothing is counted."""
    return gate.decide(rules, sort.contact(), (), sort.way.opens_at)


def banned(rules: Sequence[Rule]) -> str | None:
    """A regular expression that finds every banned phrase in a text without capitals; none where nothing is banned."""
    phrases = [phrase for rule in rules if isinstance(rule, Wording) for phrase in rule.phrases]
    return "|".join(re.escape(phrase) for phrase in phrases) or None


def _is_plain(rules: Sequence[Rule], zone: ZoneInfo, opens_at: dt.datetime) -> bool:
    first = opens_at.astimezone(zone)
    until = (opens_at + dt.timedelta(seconds=routing.SPREAD)).astimezone(zone)
    return (
        all(isinstance(rule, KNOWN) for rule in rules)
        and first.date() == until.date()
        and first.utcoffset() == until.utcoffset()
        and all(rule.spares(first.time(), until.time()) for rule in rules if isinstance(rule, QuietHours))
    )
