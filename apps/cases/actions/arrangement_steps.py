"""Our step of the nightly close for arrangements: unsigned ones expire, signed ones are judged by the ledger."""

from typing import Any

from django.db import connection
from django.db.models.functions import Mod

from apps.cases.actions import arrangement_moves as moves
from apps.cases.actions import stopping
from apps.cases.domain.arrangements import LIVE, ArrangementStatus
from apps.cases.models import Arrangement
from apps.closing.registry import StepContext
from apps.core import sql


def arrangements(context: StepContext) -> dict[str, int]:
    """Let those expire that nobody signed in time; judge the others, and let collection stop or go on accordingly."""
    expired, judged = _expire(context), _judge(context)
    kept, breached = judged.count(ArrangementStatus.KEPT), judged.count(ArrangementStatus.BREACHED)
    return {
        "rows": expired + len(judged),
        "arrangements_expired": expired,
        "arrangements_kept": kept,
        "arrangements_breached": breached,
    }


def _expire(context: StepContext) -> int:
    found = Arrangement.objects.filter(status=ArrangementStatus.APPROVED, sign_by_date__lte=context.date)
    mine = found.annotate(part=Mod("customer_id", context.partitions)).filter(part=context.partition)
    expired = 0
    for arrangement in mine.select_for_update(of=("self",)).order_by("pk"):
        to = ArrangementStatus.EXPIRED
        moves.move(arrangement=arrangement, to=to, date=context.date, by=context.by, at=context.at)
        expired += 1
    return expired


def _judge(context: StepContext) -> list[ArrangementStatus]:
    judged = []
    for key, verdict, received in _verdicts(context):
        arrangement = moves.locked(arrangement=Arrangement(pk=key), by=context.by, at=context.at)
        to = ArrangementStatus(verdict)
        if to == arrangement.status:
            arrangement.received = received
            arrangement.save(update_fields=["received"])
            continue
        others = Arrangement.objects.filter(customer=arrangement.customer_id, status__in=LIVE).exclude(pk=key)
        if to == ArrangementStatus.ACTIVE and others.exists():
            continue  # it was replaced
        moves.move(arrangement=arrangement, to=to, received=received, date=context.date, by=context.by, at=context.at)
        if to == ArrangementStatus.ACTIVE:
            stopping.stop(arrangement=arrangement, by=context.by, at=context.at)
        else:
            stopping.resume(arrangement=arrangement, by=context.by, at=context.at)
        judged.append(to)
    return judged


def _verdicts(context: StepContext) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.load("cases", "judge_arrangements"),
            {"date": context.date, "partition": context.partition, "partitions": context.partitions},
        )
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
