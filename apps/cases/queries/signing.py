"""The addresses under which customers sign: what they hold, and whether one is good."""

import datetime as dt

from django.conf import settings
from django.core.signing import BadSignature, Signer

from apps.cases.models import SigningLink
from apps.customers.models import Customer

SALT = "cases.signing"
PURPOSE = "arrangement_offer"  # of the message that carries the address, and the code of its text
PATH = "/sign/"


def token(link: SigningLink | str) -> str:
    """The secret part of the address: the link's reference and a keyed digest that nobody can guess."""
    return Signer(salt=SALT).sign(str(getattr(link, "reference", link)))


def address(reference: str) -> str:
    """The whole address, as it goes out in a message."""
    return f"{settings.SITE_ADDRESS}{PATH}{token(reference)}/"


def address_in(message_reference: str) -> str:
    """The address that a message of ours carries, empty where it carries none."""
    found = SigningLink.objects.filter(message_reference=message_reference).first()
    return address(found.reference) if found else ""


def free_anchor(customer: Customer, day: dt.date) -> dt.date:
    """The first day from this one on by which no link of the customer is known: each link is one message."""
    while SigningLink.objects.filter(message_reference=f"{customer.reference}-{PURPOSE}-{day.isoformat()}").exists():
        day += dt.timedelta(1)
    return day


def reference_of(said: str) -> str | None:
    """The reference that a token names, none where it was not made here; no row is read."""
    try:
        return Signer(salt=SALT).unsign(said)
    except BadSignature:
        return None


def link(reference: str) -> SigningLink | None:
    """The link of that reference, used and expired ones too."""
    found = SigningLink.objects.select_related("arrangement__customer", "arrangement__case")
    return found.filter(reference=reference).first()


def is_good(found: SigningLink, at: dt.datetime) -> bool:
    """Whether it may still be signed under."""
    return found.used_at is None and at < found.expires_at
