"""Who delivers on which channel, which address a message carries, and whom apps above let nobody contact."""

import datetime as dt
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Protocol

from apps.customers.domain.contact import Channel
from apps.outreach.domain.delivery import Outgoing, Receipt, Unavailable
from apps.outreach.domain.rules import Rule


class Provider(Protocol):
    """Hands messages to the outside world."""

    @property
    def name(self) -> str:
        """The provider's name as messages keep it."""
        ...

    def send(self, messages: Sequence[Outgoing]) -> Generator[Receipt, None, None]:
        """Send messages of one channel, each under its reference as idempotency key, and yield a receipt for each.

        Receipts come in order, as soon as they are known: whoever stops asking stops the sending. A message's own
        failure is its receipt: Undeliverable where it will never work, Unavailable where it may work later. Raises
        Unavailable where the channel does not answer: what has no receipt by then is sent again.
        """
        ...


_providers: dict[Channel, Provider] = {}


def provider(channel: Channel, implementation: Provider) -> None:
    """Let this provider deliver on the channel from now on."""
    _providers[channel] = implementation


def provider_of(channel: Channel) -> Provider:
    """The provider of a channel; Unavailable where nobody delivers on it."""
    if channel not in _providers:
        raise Unavailable(f"no provider delivers on {channel}")
    return _providers[channel]


_links: list[Callable[[str], str]] = []


def link(address_in: Callable[[str], str]) -> None:
    """Let this say which address a message carries, by the message's reference; empty where it does not know."""
    _links.append(address_in)


def link_in(reference: str) -> str:
    """The address that stands in the message for `{link}`; it is worked out when it is sent, and kept nowhere."""
    return next((found for address_in in _links if (found := address_in(reference))), "")


RulesFor = Callable[[Collection[int], dt.datetime], Mapping[int, tuple[Rule, ...]]]
Stopped = Callable[[dt.datetime], list[int]]
_stops: list[tuple[RulesFor, Stopped]] = []


def stops(rules_for: RulesFor, stopped: Stopped) -> None:
    """Let the gate ask further rules about some customers: those of customers by key, and who has any, at a moment."""
    _stops.append((rules_for, stopped))


def stops_of(customers: Collection[int], when: dt.datetime) -> dict[int, tuple[Rule, ...]]:
    """The further rules about each of these customers that has any."""
    found: dict[int, tuple[Rule, ...]] = {}
    for rules_for, _ in _stops:
        for customer, rules in rules_for(customers, when).items():
            found[customer] = found.get(customer, ()) + rules
    return found


def stopped(when: dt.datetime) -> list[int]:
    """Every customer about whom there is a further rule."""
    return sorted({customer for _, ask in _stops for customer in ask(when)})
