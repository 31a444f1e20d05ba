"""What the apps above keep about a customer: how long they must, why it may not go yet, and how it is cleared."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.functional import Promise

from apps.customers.models import Customer


def nothing(_customer: Customer, **_told: object) -> int:
    """Empty nothing: the records are append-only, or hold no personal data."""
    return 0


@dataclass(frozen=True)
class Holder:
    """Who keeps records of a customer; `name` is the class of events whose years of retention are configured."""

    name: str
    label: str | Promise
    last_date: Callable[[Customer], dt.date | None]  # of the last record, none where there is none
    objection: Callable[[Customer], str | None]  # why they cannot be erased yet, as a sentence
    subjects: Callable[[Customer], Sequence[str]]  # beside the customer: what the trail keeps their values under
    clear: Callable[..., int] = nothing  # clear(customer, by=, at=) empties the personal columns; how many rows


_slices: list[Callable[[Sequence[str], OuterRef], Q | Exists]] = []


def slices_by(call: Callable[[Sequence[str], OuterRef], Q | Exists]) -> None:
    """Say how a slice of the book is cut: `call(products, customer)` holds for the customers who have one of them."""
    _slices[:] = [call]


def in_slice(products: Sequence[str], customer: OuterRef) -> Q | Exists:
    """Holds for the customers of a slice; for nobody where nobody says how it is cut."""
    return _slices[0](products, customer) if _slices else Q(pk__in=[])


_holders: dict[str, Holder] = {}


def holder(holder: Holder) -> None:
    """Take part in the erasure of a customer's personal data."""
    _holders[holder.name] = holder


def holders() -> Sequence[Holder]:
    """Everybody who keeps something, by name."""
    return [_holders[name] for name in sorted(_holders)]
