"""Whose log-in is shut, and from which addresses."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from apps.access.domain.lockout import Place
from apps.access.models import Lockout, User


@dataclass(frozen=True)
class Door:
    """Where failures are counted together."""

    place: Place
    key: str
    user: User | None = None


def doors(*, user: User | None, username: str, address: str) -> list[Door]:
    """The person, or the digest of a name that nobody has, so that it is shut like any other; and the address."""
    key = str(user.pk) if user else salted_hmac("access.lockout", username, algorithm="sha256").hexdigest()
    found = [Door(Place.PERSON, key, user)]
    return [*found, Door(Place.ADDRESS, address)] if address else found


def at_door(door: Door) -> QuerySet[Lockout]:
    """The failures counted there, if any."""
    return Lockout.objects.filter(place=door.place, key=door.key)


def shut(at: dt.datetime) -> QuerySet[Lockout]:
    """Everything that is shut now, the last shut first."""
    return Lockout.objects.select_related("user").filter(until__gt=at).order_by("-pk")
