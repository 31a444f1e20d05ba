"""Who delivers on which channel; an app or an operator's plugin names its provider when it is ready."""

from typing import Protocol

from apps.customers.domain.contact import Channel
from apps.outreach.domain.delivery import Outgoing, Unavailable


class Provider(Protocol):
    """Hands a message to the outside world."""

    @property
    def name(self) -> str:
        """The provider's name as messages keep it."""
        ...

    def send(self, message: Outgoing) -> str:
        """Send under the message's reference as idempotency key; the provider's own reference.

        Raises Undeliverable where it will never work, Unavailable where it may work later.
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
