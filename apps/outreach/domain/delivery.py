"""Handing messages to a provider: what is handed over, what may come of it, when it is tried again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.customers.domain import masking
from apps.customers.domain.contact import SERVED_BY, Channel
from apps.outreach.domain import gate
from apps.outreach.domain.contact import Contact, Past
from apps.outreach.domain.routing import Answer
from apps.outreach.domain.rules import Rule
from apps.outreach.domain.status import MessageStatus

ATTEMPTS = 5  # after which a message has failed
BACK_OFF = (60, 300, 1_800, 7_200)  # seconds after the first, second, ... attempt
LASTS = dt.timedelta(minutes=1)  # longer than any batch takes: what is sent at its end is still allowed
LONGEST = 300  # characters of an error that are kept


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider sees it; `reference` is the key under which it is sent at most once."""

    reference: str
    channel: Channel
    address: str
    subject: str
    body: str


class Undeliverable(Exception):
    """The provider will never deliver this message: a wrong address, a refused text."""


class Unavailable(Exception):
    """It cannot be sent just now and is tried again."""


Receipt = str | Undeliverable | Unavailable  # the provider's own reference, or why the message did not go


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that is due, with what decides whether it goes."""

    id: int
    customer: int
    outgoing: Outgoing
    contact: Contact
    due_date: dt.date | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Result:
    """How a message stands after its turn; `answer` is the gate's where it was asked, None elsewhere is "as before"."""

    waiting: Waiting
    status: MessageStatus
    answer: Answer | None = None
    attempts: int = 0
    scheduled_at: dt.datetime | None = None
    provider: str | None = None
    provider_reference: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """How many messages of a batch ended how; `is_unavailable` says that the channel does not answer just now."""

    ended: Mapping[str, int] = field(default_factory=dict)
    is_unavailable: bool = False

    @property
    def messages(self) -> int:
        """How many had their turn."""
        return sum(self.ended.values())


def turns(waiting: Iterable[Waiting]) -> list[list[Waiting]]:
    """The messages in order, cut so that no customer is in a turn twice: what is sent in one counts in the next."""
    cut: list[list[Waiting]] = []
    taken: Counter[int] = Counter()
    for message in waiting:
        place = taken[message.customer]
        taken[message.customer] += 1
        if place == len(cut):
            cut.append([])
        cut[place].append(message)
    return cut


def is_wanted(message: Waiting, owed_since: dt.date | None) -> bool:
    """Whether anything that the message speaks of is still to be paid; `owed_since` is the oldest unmet due date."""
    return message.due_date is None or (owed_since is not None and owed_since <= message.due_date)


def ask(rules: Sequence[Rule], contact: Contact, past: Sequence[Past], at: dt.datetime) -> Answer:
    """Ask the gate for a contact that happens at the moment or within a batch's time of it."""
    decision = gate.decide(rules, contact, past, at)
    end = at + LASTS
    if decision.is_allowed and not all(rule.allows(contact, past, end) for rule in gate.hours(rules)):
        return Answer(contact, gate.decide(rules, contact, past, end), end)
    return Answer(contact, decision, at)


def cancelled(message: Waiting) -> Result:
    """What it asks for was paid."""
    return Result(message, MessageStatus.CANCELLED, attempts=message.attempts, error="paid before it was sent")


def denied(rules: Sequence[Rule], message: Waiting, answer: Answer, past: Sequence[Past]) -> Result:
    """The gate said no: the message waits for the next moment allowed, or is blocked where there is none."""
    later = gate.next_allowed(rules, answer.contact, past, answer.at)
    status = MessageStatus.BLOCKED if later is None else MessageStatus.PLANNED
    return Result(message, status, answer, message.attempts, scheduled_at=later)


def received(message: Waiting, answer: Answer, receipt: Receipt, provider: str | None, at: dt.datetime) -> Result:
    """What the provider's receipt makes of the message."""
    attempts = message.attempts + 1
    if isinstance(receipt, str):
        return Result(message, MessageStatus.SENT, answer, attempts, None, provider, receipt, "")
    again = retry_at(attempts, at) if isinstance(receipt, Unavailable) else None
    status = MessageStatus.FAILED if again is None else MessageStatus.PLANNED
    return Result(message, status, answer, attempts, again, provider, None, _without_address(message, str(receipt)))


def _without_address(message: Waiting, error: str) -> str:
    """A provider's words, in which it likes to repeat whom it did not reach."""
    address = message.outgoing.address
    shown = masking.masked(SERVED_BY[message.outgoing.channel], address)
    return (error.replace(address, shown) if address else error)[:LONGEST]


def postponed(message: Waiting, tried: Result, at: dt.datetime) -> Result:
    """The channel did not answer the message tried before this one: this one waits as long, and was not tried."""
    again = tried.scheduled_at or at + dt.timedelta(seconds=BACK_OFF[-1])
    return Result(message, MessageStatus.PLANNED, None, message.attempts, scheduled_at=again, error=tried.error)


def retry_at(attempts: int, at: dt.datetime) -> dt.datetime | None:
    """When a message is tried again after so many attempts; None once it has failed."""
    if attempts >= ATTEMPTS:
        return None
    return at + dt.timedelta(seconds=BACK_OFF[attempts - 1])


def summary(results: Iterable[Result]) -> dict[str, int]:
    """How many ended how; what is still planned is waiting."""
    ended = Counter("waiting" if one.status is MessageStatus.PLANNED else one.status.value for one in results)
    return dict(sorted(ended.items()))
