"""The kinds of conduct rule: each says whether a contact may happen at a moment, and when it might if not."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.outreach.domain.contact import Contact, Past

STEP = dt.timedelta(minutes=15)  # how far to move on where a clock change swallows the moment looked for


class Rule(Protocol):
    """One version of a rule in force."""

    @property
    def code(self) -> str:
        """The rule's name, which is the reason when it says no."""
        ...

    @property
    def version(self) -> int:
        """The edition that was consulted."""
        ...

    def concerns(self, contact: Contact) -> bool:
        """Whether the rule speaks of such contacts at all."""
        ...

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Whether the contact may happen at that moment."""
        ...

    def lifts_at(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> dt.datetime | None:
        """A later moment before which the rule surely still says no; None where it says no for ever."""
        ...


@dataclass(frozen=True, slots=True)
class QuietHours:
    """No contact from `start` to `end` on the debtor's clock, across midnight where start is later than end."""

    code: str
    version: int
    start: dt.time
    end: dt.time

    def concerns(self, contact: Contact) -> bool:
        """Quiet hours are quiet on every channel."""
        return True

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Not within the hours; they begin at `start` itself and are over at `end`."""
        clock = when.astimezone(contact.zone).time()
        if self.start <= self.end:
            return not self.start <= clock < self.end
        return self.end <= clock < self.start

    def spares(self, first: dt.time, until: dt.time) -> bool:
        """Whether every moment of a stretch of one day's clock surely lies outside the hours."""
        if self.start <= self.end:
            return until <= self.start or self.end <= first
        return self.end <= first and until <= self.start

    def lifts_at(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> dt.datetime | None:
        """The end of the hours that the moment lies in."""
        local = when.astimezone(contact.zone)
        over = dt.datetime.combine(local.date(), self.end, tzinfo=contact.zone).astimezone(dt.UTC)
        if over <= when:
            tomorrow = local.date() + dt.timedelta(1)
            over = dt.datetime.combine(tomorrow, self.end, tzinfo=contact.zone).astimezone(dt.UTC)
        return over


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `limit` contacts in `days` days on the debtor's calendar, the day of the contact being the last.

    Counts the channels named; only calls that were answered (or were not) where `connected` is set; only those to the
    same number where `per_point` is set.
    """

    code: str
    version: int
    channels: frozenset[Channel]
    days: int
    limit: int
    connected: bool | None = None
    per_point: bool = False

    def concerns(self, contact: Contact) -> bool:
        """A cap speaks of the channels that it counts."""
        return contact.channel in self.channels

    def count(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> int:
        """How many contacts of the window were made already."""
        last = when.astimezone(contact.zone).date()
        first = last - dt.timedelta(self.days - 1)
        return sum(
            past.channel in self.channels
            and (self.connected is None or past.is_connected is self.connected)
            and (not self.per_point or contact.point is None or past.point in {contact.point.id, None})
            and first <= past.at.astimezone(contact.zone).date() <= last
            for past in history
        )

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """While the window holds fewer than the limit."""
        return self.count(contact, history, when) < self.limit

    def lifts_at(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> dt.datetime | None:
        """The debtor's next midnight, at which the window moves on."""
        if self.limit <= 0:
            return None
        today = when.astimezone(contact.zone).date()
        midnight = dt.datetime.combine(today + dt.timedelta(1), dt.time.min, tzinfo=contact.zone).astimezone(dt.UTC)
        while midnight <= when or midnight.astimezone(contact.zone).date() <= today:
            midnight += STEP
        return midnight


class _ForEver:
    """A rule that time alone does not satisfy."""

    __slots__ = ()

    def lifts_at(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> dt.datetime | None:
        """Never."""
        return None


@dataclass(frozen=True, slots=True)
class Reachable(_ForEver):
    """There is a contact point of the channel's kind and it is not known to be wrong."""

    code: str
    version: int

    def concerns(self, contact: Contact) -> bool:
        """Whoever is contacted is contacted somewhere."""
        return True

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """A valid contact point."""
        return contact.point is not None and contact.point.is_valid


@dataclass(frozen=True, slots=True)
class Consent(_ForEver):
    """The debtor agreed to be reached at the contact point on these channels, by the day of the contact."""

    code: str
    version: int
    channels: frozenset[Channel]

    def concerns(self, contact: Contact) -> bool:
        """Only the channels that ask for consent, and only where there is something to consent to."""
        return contact.channel in self.channels and contact.point is not None

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Consent was given on or before the day."""
        given = contact.point.consented_date if contact.point else None
        return given is not None and given <= when.astimezone(contact.zone).date()


@dataclass(frozen=True, slots=True)
class DebtorOnly(_ForEver):
    """Nobody but the debtor is contacted."""

    code: str
    version: int

    def concerns(self, contact: Contact) -> bool:
        """Every contact has a person at its other end."""
        return True

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Never a third party."""
        return not contact.is_third_party


@dataclass(frozen=True, slots=True)
class Wording(_ForEver):
    """The text uses none of the banned phrases."""

    code: str
    version: int
    phrases: tuple[str, ...]

    def concerns(self, contact: Contact) -> bool:
        """Only contacts with a text."""
        return bool(contact.text)

    def found(self, text: str) -> list[str]:
        """The banned phrases that the text uses, however they are capitalised."""
        folded = text.casefold()
        return [phrase for phrase in self.phrases if phrase in folded]

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """A clean text."""
        return not self.found(contact.text)


@dataclass(frozen=True, slots=True)
class Freshness(_ForEver):
    """What was wanted longer ago than this is not said any more."""

    code: str
    version: int
    age: dt.timedelta

    def concerns(self, contact: Contact) -> bool:
        """Only contacts that waited."""
        return contact.wanted_since is not None

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Still fresh."""
        return contact.wanted_since is None or when - contact.wanted_since <= self.age


@dataclass(frozen=True, slots=True)
class Standstill:
    """No contact at all before a day, or for as long as it stands; an app above says whom it is about."""

    code: str
    version: int
    until: dt.date | None = None

    def concerns(self, contact: Contact) -> bool:
        """Every contact with whom it is about."""
        return True

    def allows(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> bool:
        """Only once its last day is over where the debtor lives."""
        return self.until is not None and when.astimezone(contact.zone).date() >= self.until

    def lifts_at(self, contact: Contact, history: Sequence[Past], when: dt.datetime) -> dt.datetime | None:
        """The midnight after its last day; waiting does not help where it is open."""
        if self.until is None:
            return None
        return dt.datetime.combine(self.until, dt.time.min, tzinfo=contact.zone).astimezone(dt.UTC)


def parse(code: str, version: int, kind: str, parameters: Mapping[str, Any]) -> Rule:
    """A rule from its row; refused where the kind is unknown or a parameter is missing or wrong."""
    try:
        return _parse(code, version, kind, parameters)
    except (KeyError, TypeError, ValueError) as problem:
        raise Refused(f"The conduct rule {code}@{version} cannot be read: {problem}.", code="rule_malformed") from None


def _parse(code: str, version: int, kind: str, parameters: Mapping[str, Any]) -> Rule:
    match kind:
        case "quiet_hours":
            start, end = (dt.time.fromisoformat(parameters[name]) for name in ("start", "end"))
            return QuietHours(code, version, start, end)
        case "cap":
            return Cap(
                code,
                version,
                channels=_channels(parameters),
                days=int(parameters["days"]),
                limit=int(parameters["limit"]),
                connected=parameters.get("connected"),
                per_point=bool(parameters.get("per_point", False)),
            )
        case "reachable":
            return Reachable(code, version)
        case "consent":
            return Consent(code, version, _channels(parameters))
        case "debtor_only":
            return DebtorOnly(code, version)
        case "wording":
            return Wording(code, version, tuple(phrase.casefold() for phrase in parameters["phrases"]))
        case "freshness":
            return Freshness(code, version, dt.timedelta(hours=parameters["hours"]))
        case _:
            raise ValueError(f"there is no kind {kind}")


def _channels(parameters: Mapping[str, Any]) -> frozenset[Channel]:
    return frozenset(Channel(name) for name in parameters["channels"])
