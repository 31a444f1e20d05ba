"""Holds: why collecting from a customer stands still, who may say so, for how long, and what it stops."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from apps.cases.domain.moves import Moves


class HoldKind(StrEnum):
    """Why a hold is placed."""

    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    BREATHING_SPACE = "breathing_space"
    ADVISER = "adviser"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    FRAUD = "fraud"
    COMPLAINT = "complaint"
    BROKEN_CONTACT = "broken_contact"
    ARRANGEMENT = "arrangement"


class HoldStatus(StrEnum):
    """Where a hold stands."""

    IN_FORCE = "in_force"
    LIFTED = "lifted"
    EXPIRED = "expired"


class Stop(StrEnum):
    """What a hold stops."""

    CONTACTS = "contacts"  # the gate says no to every contact by us
    TASKS = "tasks"
    MESSAGES = "messages"
    CLOCK = "clock"  # no day counts towards the next stage
    FEES = "fees"  # the account is paused: no day counts as late, none bears a late fee


class Placer(StrEnum):
    """Who may place and lift a hold of a kind."""

    AGENT = "hold.place"
    DECIDER = "hold.decide"
    SYSTEM = "system"  # an action of ours, such as the signing of an arrangement


class Fault(StrEnum):
    """Why a hold cannot last as asked."""

    TOO_SHORT = "hold_too_short"
    TOO_LONG = "hold_too_long"
    FIXED = "hold_fixed"
    OPEN = "hold_open"
    NOT_EXTENDABLE = "not_extendable"


MOVES: Moves[HoldStatus] = {
    HoldStatus.IN_FORCE: frozenset({HoldStatus.LIFTED, HoldStatus.EXPIRED}),
    HoldStatus.LIFTED: frozenset(),  # what begins again is a new hold
    HoldStatus.EXPIRED: frozenset(),
}
EVERYTHING = frozenset(Stop)
COLLECTING = EVERYTHING - {Stop.FEES}


@dataclass(frozen=True, slots=True)
class Terms:
    """What is true of all holds of a kind; days count from the start, and without a default the hold is open.

    `longest` bounds its days, extensions included; `review` is how many days an open one lasts before somebody looks.
    """

    placed_by: Placer
    lifted_by: Placer
    stops: frozenset[Stop]
    default: int | None = None
    longest: int | None = None
    is_fixed: bool = False
    is_extendable: bool = True
    needs_evidence: bool = False
    review: int = 30


KINDS: Mapping[HoldKind, Terms] = {
    HoldKind.DISPUTE: Terms(Placer.AGENT, Placer.DECIDER, EVERYTHING, review=20),
    HoldKind.HARDSHIP: Terms(Placer.AGENT, Placer.DECIDER, EVERYTHING, default=30, longest=180),
    HoldKind.BREATHING_SPACE: Terms(
        Placer.AGENT, Placer.DECIDER, EVERYTHING, 60, 60, is_fixed=True, is_extendable=False, needs_evidence=True
    ),
    HoldKind.ADVISER: Terms(Placer.AGENT, Placer.AGENT, COLLECTING, default=30, longest=60, needs_evidence=True),
    HoldKind.BANKRUPTCY: Terms(Placer.DECIDER, Placer.DECIDER, EVERYTHING, needs_evidence=True, review=90),
    HoldKind.DECEASED: Terms(Placer.AGENT, Placer.DECIDER, EVERYTHING),
    HoldKind.FRAUD: Terms(Placer.AGENT, Placer.DECIDER, EVERYTHING),
    HoldKind.COMPLAINT: Terms(Placer.AGENT, Placer.DECIDER, COLLECTING, default=15, longest=60),
    HoldKind.BROKEN_CONTACT: Terms(
        Placer.AGENT, Placer.AGENT, frozenset({Stop.TASKS, Stop.MESSAGES, Stop.CLOCK}), default=30, longest=90
    ),
    HoldKind.ARRANGEMENT: Terms(
        Placer.SYSTEM, Placer.SYSTEM, frozenset({Stop.TASKS, Stop.MESSAGES, Stop.CLOCK}), is_extendable=False
    ),
}


def stopping(stop: Stop) -> list[str]:
    """The kinds of hold that stop something."""
    return sorted(kind.value for kind, terms in KINDS.items() if stop in terms.stops)


def end_date(kind: HoldKind, start: dt.date, days: int | None) -> dt.date | None:
    """The first day that is free again, after its default where no days are said; none for an open hold."""
    lasting = KINDS[kind].default if days is None else days
    return None if lasting is None else start + dt.timedelta(lasting)


def fault(kind: HoldKind, days: int | None) -> Fault | None:
    """Why a hold of the kind cannot last so many days."""
    terms = KINDS[kind]
    if days is None:
        return None
    if days < 1:
        return Fault.TOO_SHORT
    if terms.is_fixed and days != terms.default:
        return Fault.FIXED
    return Fault.TOO_LONG if terms.longest is not None and days > terms.longest else None


def extension_fault(kind: HoldKind, start: dt.date, end: dt.date | None, days: int) -> Fault | None:
    """Why a hold of the kind cannot be given so many days more."""
    if not KINDS[kind].is_extendable:
        return Fault.NOT_EXTENDABLE
    if end is None:
        return Fault.OPEN
    return Fault.TOO_SHORT if days < 1 else fault(kind, (end - start).days + days)


def review_date(kind: HoldKind, start: dt.date, end: dt.date | None) -> dt.date:
    """The day on which somebody looks at the hold: its end, or after its kind's days of review."""
    return end or start + dt.timedelta(KINDS[kind].review)


@dataclass(frozen=True, slots=True)
class Days:
    """The days from the start to the one before the end; without an end they go on."""

    start: dt.date
    end: dt.date | None = None


def uncovered(days: Days, covered: Iterable[Days]) -> list[Days]:
    """What of the days lies in none of the others, in order."""
    found, start = [], days.start
    for other in sorted(covered, key=lambda one: one.start):
        if days.end is not None and other.start >= days.end:
            break
        if other.start > start:
            found.append(Days(start, other.start))
        if other.end is None:
            return found
        start = max(start, other.end)
    if days.end is None or start < days.end:
        found.append(Days(start, days.end))
    return found
