"""The facts of a customer as they were known by a moment: what the ledger, as it was booked by then, was made of."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from django.db.models import Q

from apps.bills.domain.facts import BillFact, Cause, Facts
from apps.bills.domain.kinds import CauseKind
from apps.bills.domain.pauses import Span
from apps.bills.models import LedgerEntry, Pause, Restructuring
from apps.bills.queries import facts, ledger

CAUSES = tuple(f"{kind}_id" for kind in CauseKind)


def by(customer: int, at: dt.datetime) -> Facts:
    """What had been accepted by the moment and stood: a fact that never booked anything counts as known ever since."""
    booked = LedgerEntry.objects.filter(customer=customer)
    then = _makers(ledger.standing(booked, at).values_list("bill_id", *CAUSES))
    ever = _makers(booked.values_list("bill_id", *CAUSES))
    agreed = _agreed(customer, at)
    accepted = facts.of(
        [customer],
        with_repayments=_of(then, CauseKind.REPAYMENT),
        with_refunds=_of(then, CauseKind.REFUND),
        with_payouts=_of(then, CauseKind.PAYOUT),
        with_restructurings=agreed,
        with_write_offs=_of(then, CauseKind.WRITE_OFF),
    )[customer]
    kept = {
        kind.name: tuple(fact for fact in getattr(accepted, kind.name) if _maker(fact) not in ever - then)
        for kind in fields(accepted)
    }
    restructurings = tuple(fact for fact in accepted.restructurings if fact.key in agreed)
    return replace(accepted, **kept | {"restructurings": restructurings, "pauses": _pauses(customer, at)})


def _agreed(customer: int, at: dt.datetime) -> list[int]:
    """The agreements that were booked and not undone."""
    stood = Restructuring.objects.filter(Q(undone_at=None) | Q(undone_at__gt=at), customer=customer, booked_at__lte=at)
    return list(stood.values_list("pk", flat=True))


def _pauses(customer: int, at: dt.datetime) -> tuple[Span, ...]:
    """The pauses that were agreed and not taken back; one that was cut short since was open."""
    stood = Pause.objects.filter(Q(cancelled_at=None) | Q(cancelled_at__gt=at), customer=customer, begun_at__lte=at)
    return tuple(
        Span(pause.start_date, None if pause.ended_at and pause.ended_at > at else pause.end_date) for pause in stood
    )


def _makers(entries: Iterable[tuple[Any, ...]]) -> set[Cause | int]:
    """The causes of entries, and the bills of those that have none."""
    found: set[Cause | int] = set()
    for bill, *causes in entries:
        cause = next((Cause(k, key) for k, key in zip(CauseKind, causes, strict=True) if key is not None), None)
        found.add(cause or bill)
    return found


def _of(makers: set[Cause | int], kind: CauseKind) -> list[int]:
    return [maker.key for maker in makers if isinstance(maker, Cause) and maker.kind is kind]


def _maker(fact: Any) -> Cause | int | None:
    return fact.key if isinstance(fact, BillFact) else getattr(fact, "cause", None)
