"""Who outside is to have our checkpoints, what they have, and who has signed that they do."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max

from apps.audit.domain import anchoring, canonical, note
from apps.audit.domain.anchoring import Target
from apps.audit.domain.note import COSIGNATURE, Verifier
from apps.audit.models import AnchorDelivery
from apps.audit.queries import seals


@dataclass(frozen=True, slots=True)
class Cosignature:
    """Who signed that they saw the tree at a size, when, and the line with which they did."""

    size: int
    name: str
    line: str
    signed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody outside who is to have our checkpoints or to sign them, and what became of the last."""

    address: str  # a mailbox, a web address, or the name under which a co-signer signs
    arrived_at: dt.datetime | None  # when the last arrived, or was signed
    size: int | None  # its events
    waiting_since: dt.datetime | None = None  # since when one waits that has not arrived
    attempts: int = 0  # to deliver it
    error: str = ""  # why the last of them failed

    @property
    def state(self) -> str:
        """`failing`, `waiting`, `arrived` or `never`."""
        if self.waiting_since:
            return "failing" if self.error else "waiting"
        return "arrived" if self.arrived_at else "never"


def targets() -> list[Target]:
    """Everybody who is to have our checkpoints."""
    return anchoring.targets(
        settings.AUDIT_ANCHOR_EMAILS,
        dt.timedelta(hours=settings.AUDIT_ANCHOR_EMAIL_HOURS),
        settings.AUDIT_ANCHOR_WEBHOOKS,
        dt.timedelta(seconds=settings.AUDIT_ANCHOR_WEBHOOK_SECONDS),
    )


def last_queued(target: str) -> AnchorDelivery | None:
    """The last checkpoint that was queued for somebody."""
    return AnchorDelivery.objects.filter(target=target).order_by("-pk").first()


def waiting(at: dt.datetime) -> Sequence[int]:
    """The deliveries that are to be tried now, the oldest first."""
    found = AnchorDelivery.objects.filter(delivered_at=None, next_at__lte=at).order_by("next_at", "pk")
    return list(found.values_list("pk", flat=True)[:100])


def cosigners() -> list[Verifier]:
    """Those whose co-signature is believed."""
    found = [note.verifier(text) for text in settings.AUDIT_COSIGNERS]
    return [verifier for verifier in found if verifier.kind == COSIGNATURE]


def cosignatures(using: str) -> list[Cosignature]:
    """Every co-signature under the tree that is shown, the last first."""
    statement = (
        "select size, name, line, signed_at from audit.cosignature"
        " where book = (select number from audit.shown_book) order by signed_at desc, name"
    )
    return [Cosignature(*row) for row in seals.rows(using, statement)]


def receivers() -> list[Receiver]:
    """Every mailbox and web address that is configured, or for which something still waits."""
    configured = [target.address for target in targets()]
    waiting = AnchorDelivery.objects.filter(delivered_at=None).values_list("target", flat=True).distinct()
    return [_receiver(address) for address in dict.fromkeys([*configured, *sorted(waiting)])]


def _receiver(address: str) -> Receiver:
    mine = AnchorDelivery.objects.filter(target=address)
    arrived = mine.exclude(delivered_at=None).order_by("-delivered_at").first()
    oldest = mine.filter(delivered_at=None).order_by("pk").first()
    return Receiver(
        anchoring.shown(address),
        arrived.delivered_at if arrived else None,
        arrived.size if arrived else None,
        *((oldest.queued_at, oldest.attempts, oldest.error) if oldest else ()),
    )


def cosigned(using: str = "default") -> list[Receiver]:
    """Everybody who may co-sign, and the last that each has signed of the growing tree."""
    last: dict[str, Cosignature] = {}
    for found in cosignatures(using):
        last.setdefault(found.name, found)
    names = dict.fromkeys([*(verifier.name for verifier in cosigners()), *last])
    return [
        Receiver(name, last[name].signed_at if name in last else None, last[name].size if name in last else None)
        for name in names
    ]


def summary(using: str = "default") -> dict[str, Any]:
    """When a checkpoint last arrived outside, what waits and why, and the last co-signature."""
    undelivered = AnchorDelivery.objects.filter(delivered_at=None)
    arrived: dt.datetime | None = AnchorDelivery.objects.aggregate(last=Max("delivered_at"))["last"]
    cosigned = next(iter(cosignatures(using)), None)
    return {
        "last_anchor": arrived,
        "waiting": undelivered.count(),
        "errors": sorted(set(undelivered.exclude(error="").values_list("error", flat=True)[:20])),
        "last_cosignature": cosigned and cosigned.signed_at,
        "cosigned_by": cosigned and cosigned.name,
        "cosigned_size": cosigned and cosigned.size,
    }


def sentences(using: str = "default") -> list[str]:
    """The same for people."""
    found, said = summary(using), []
    if found["last_anchor"]:
        said.append(f"A checkpoint last arrived outside at {canonical.moment(found['last_anchor'])}.")
    if found["waiting"]:
        said.append(
            f"{found['waiting']} checkpoints wait to be delivered: {'; '.join(found['errors']) or 'not tried yet'}."
        )
    if found["last_cosignature"]:
        moment = canonical.moment(found["last_cosignature"])
        said.append(f"{found['cosigned_by']} signed at {moment} that they saw {found['cosigned_size']:,} events.")
    return said
