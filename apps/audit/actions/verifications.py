"""Looking whether the book is whole: asked for, watched, and kept with what was found."""

import datetime as dt
from time import monotonic

from django.db import connection

from apps.audit import registry
from apps.audit.actions.operations import operation
from apps.audit.models import Verification, VerificationProgress
from apps.audit.queries import seals, verification
from apps.audit.queries import verifications as queries
from apps.core import texts
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LOCK = 7_220_452
BEGUN = "begun_already"
ASKED = "verifying_already"
EVERY = 0.5  # seconds between two notes of the progress


def ask(*, by: Actor, at: dt.datetime) -> Verification:
    """Ask for a verification; refused while another one waits or runs."""
    with operation("audit.ask_verification", by=by, at=at) as op:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
        if queries.unfinished(at) is not None:
            raise Refused(_("The book is being verified already."), code=ASKED)
        for left in queries.abandoned(at):
            left.broken_off, left.finished_at = "It never came to an end.", at
            left.save(update_fields=["broken_off", "finished_at"])
        asked = Verification.objects.create(asked_by=by.actor_id, asked_at=at)
        VerificationProgress.objects.create(verification=asked)
        op.on, op.sentence = asked, "Asked for a verification of the book."
    return asked


def run(*, asked: Verification, by: Actor, at: dt.datetime, using: str = "auditor") -> Verification:
    """Verify the book as the auditor's role sees it and keep what was found; what breaks it off is kept and raised."""
    began = monotonic()
    with operation("audit.begin_verification", by=by, at=at, on=asked, on_behalf_of=asked.asked_by) as op:
        if not Verification.objects.filter(pk=asked.pk, started_at=None).update(started_at=at):
            raise Refused(_("The verification has begun already."), code=BEGUN)
        asked.started_at = at
        op.sentence = "Began to verify the book."
    try:
        with registry.watched(_Progress(asked, using)):
            found = verification.verify(using=using)
    except Exception as error:
        asked.broken_off = texts.english(error.sentence) if isinstance(error, Refused) else type(error).__name__
        _finish(asked, by, at, monotonic() - began)
        raise
    asked.events, asked.faults = found.events, [fault.as_dict() for fault in found.faults]
    return _finish(asked, by, at, monotonic() - began)


def _finish(asked: Verification, by: Actor, at: dt.datetime, seconds: float) -> Verification:
    asked.finished_at = at + dt.timedelta(seconds=round(seconds, 3))
    with operation("audit.verify", by=by, at=asked.finished_at, on=asked, on_behalf_of=asked.asked_by) as op:
        asked.save(update_fields=["finished_at", "events", "faults", "broken_off"])
        op.detail = {"events": asked.events, "faults": asked.faults, "state": asked.state}
        op.sentence = _verdict(asked)
    return asked


def _verdict(asked: Verification) -> texts.Text:
    if asked.broken_off:
        return _("The verification broke off: %(why)s") % {"why": asked.broken_off}
    if asked.faults:
        return _("%(events)s events were verified: %(faults)s faults were found.") % {
            "events": asked.events,
            "faults": len(asked.faults),
        }
    return _("%(events)s events were verified: the book is whole.") % {"events": asked.events}


class _Progress:
    """Notes how many leaves were looked at, now and then; nobody decides anything by it."""

    def __init__(self, asked: Verification, using: str) -> None:
        last = seals.last(using)
        self.rows = VerificationProgress.objects.filter(verification=asked)
        self.rows.update(of_leaves=last.size if last else 0)
        self.noted = monotonic()

    def __call__(self, leaves: int) -> None:
        if monotonic() - self.noted >= EVERY:
            self.rows.update(leaves=leaves)
            self.noted = monotonic()
