"""The customer's agreement: by a link that is good once, or in a recorded call; then collection stops."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.access.actions import lockouts
from apps.access.domain.lockout import Place
from apps.access.models import User
from apps.access.queries.lockouts import Door
from apps.audit import actions as audit
from apps.audit import registry as trail
from apps.audit.domain.envelope import Decision
from apps.bills.actions import restructurings
from apps.cases.actions import arrangement_moves as moves
from apps.cases.actions import stopping
from apps.cases.domain.arrangements import ArrangementKind, ArrangementStatus, Signature
from apps.cases.domain.calculator import Asked
from apps.cases.models import Arrangement, SigningLink
from apps.cases.queries import arrangements as queries
from apps.cases.queries import proposals
from apps.cases.queries import signing as links
from apps.closing import queries as closing
from apps.core.domain.actor import Actor
from apps.core.domain.dates import closing_moment
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _
from apps.customers.domain.contact import Channel
from apps.customers.queries import walls
from apps.outreach.actions import outbox
from apps.outreach.domain.wanted import Wanted

CHANNELS = (Channel.SMS, Channel.APP, Channel.EMAIL)


def send_link(*, arrangement: Arrangement, by: User, at: dt.datetime) -> SigningLink:
    """Send the customer an address under which to read the terms and sign; those sent before are good no more.

    The message goes through the gate; where it is blocked, the history of the case says why.
    """
    with audit.operation("cases.send_signing_link", by=by, at=at, on=arrangement) as op:
        current = moves.locked(arrangement=arrangement, by=by, at=at)
        _check_signable(current, by, at)
        SigningLink.objects.filter(arrangement=current, used_at=None, expires_at__gt=at).update(expires_at=at)
        number = 1 + current.links.count()
        assert current.sign_by_date is not None
        wanted = Wanted(
            customer=current.customer_id,
            purpose=links.PURPOSE,
            template=links.PURPOSE,
            channels=CHANNELS,
            anchor_date=links.free_anchor(current.customer, closing.business_date_at(at)),
            due_date=current.first_date,
            amount=current.total,
            currency=queries.currency_of(current.customer),
        )
        link = SigningLink.objects.create(
            reference=f"{current.reference}-{number}",
            arrangement=current,
            message_reference=wanted.reference(current.customer.reference),
            made_at=at,
            expires_at=closing_moment(current.sign_by_date, ZoneInfo(settings.TIME_ZONE)),
        )
        planned = outbox.plan(wanted=[wanted], by=by, at=at)
        op.on = link
        op.sentence = f"Sent {current.reference} to be signed: {planned.planned} planned, {planned.blocked} blocked."
    return link


def sign_by_recording(*, arrangement: Arrangement, recording: str, by: User, at: dt.datetime) -> Arrangement:
    """Note that the customer agreed in a call that was recorded."""
    with audit.operation("cases.sign_arrangement", by=by, at=at, on=arrangement) as op:
        if not recording.strip():
            raise Refused(_("Name the recording of the call in which the customer agreed."), code="recording_missing")
        current = moves.locked(arrangement=arrangement, by=by, at=at)
        _check_signable(current, by, at)
        refusal = _sign(current, Signature.RECORDING, recording.strip(), by, at)
        op.sentence = _said(current, refusal)
        op.decision = Decision.DENY if refusal else op.decision
    if refusal is not None:
        raise refusal
    return current


def open_link(*, token: str, by: Actor, at: dt.datetime) -> str:
    """The reference that a token names; one that was not made here counts as a failed attempt from its address.

    After too many nothing is opened from there for a while, as with log-ins.
    """
    address = trail.current().address
    doors = [Door(Place.ADDRESS, address)] if address else []
    with audit.operation("cases.open_signing_link", by=by, at=at) as op:
        lockouts.approach(doors=doors, by=by, at=at)
        reference = links.reference_of(token)
        op.nothing_happened = reference is not None
        refusal = Refused(_("This link is not one of ours."), code="link_unknown")
        if reference is None:
            lockouts.failed(doors=doors, by=by, at=at)
            op.decision, op.sentence, op.detail = Decision.DENY, refusal.sentence, {"refusal": refusal.code}
    if reference is None:
        refusal.is_recorded = True
        raise refusal
    return reference


def sign_by_link(*, reference: str, by: Actor, at: dt.datetime) -> Arrangement:
    """Take the customer's agreement under a link, once and until it expires."""
    with audit.operation("cases.sign_arrangement", by=by, at=at) as op:
        link = SigningLink.objects.select_for_update().filter(reference=reference).first()
        if link is None or not links.is_good(link, at):
            sentence = _("This link has been used or has expired: ask us for a new one.")
            raise Refused(sentence, code="link_over")
        current = moves.locked(arrangement=link.arrangement, by=by, at=at)
        op.on = current
        _check_open(current, at)
        link.used_at = at
        link.save(update_fields=["used_at"])
        refusal = _sign(current, Signature.LINK, link.reference, by, at)
        op.sentence = _said(current, refusal)
        op.decision = Decision.DENY if refusal else op.decision
    if refusal is not None:
        raise refusal
    return current


def _said(arrangement: Arrangement, refusal: Refused | None) -> str:
    return refusal.sentence if refusal else f"{arrangement.reference} is signed; collection stops."


def _check_signable(arrangement: Arrangement, by: User, at: dt.datetime) -> None:
    walls.must_work_on(by, arrangement.customer, arrangement.reference)
    _check_open(arrangement, at)


def _check_open(arrangement: Arrangement, at: dt.datetime) -> None:
    words = {"reference": arrangement.reference, "date": arrangement.sign_by_date}
    if arrangement.status != ArrangementStatus.APPROVED:
        raise Refused(_("%(reference)s is not waiting for a signature.") % words, code="not_approved")
    if arrangement.sign_by_date and closing.business_date_at(at) > arrangement.sign_by_date:
        sentence = _("%(reference)s was to be signed by %(date)s: propose it anew.") % words
        raise Refused(sentence, code="signing_over")


def _sign(arrangement: Arrangement, how: Signature, reference: str, by: Actor, at: dt.datetime) -> Refused | None:
    """Make it active and stop collection; void for good where what it rests on has changed since it was approved."""
    facts = arrangement.approval.facts
    if any(facts[name] != value for name, value in queries.resting_on(arrangement.bills).items()):
        moves.move(arrangement=arrangement, to=ArrangementStatus.VOID, by=by, at=at)
        words = {"reference": arrangement.reference}
        return Refused(
            _("What is owed has changed since %(reference)s was approved: propose it anew.") % words, code="void"
        )
    today = closing.business_date_at(at)
    arrangement.signature, arrangement.signature_reference = how, reference
    arrangement.signed_date, arrangement.signed_at = today, at
    arrangement.signed_stage = arrangement.case.stage
    if arrangement.kind == ArrangementKind.RE_AGE:
        asked = Asked(
            ArrangementKind.RE_AGE,
            arrangement.first_date,
            arrangement.parts.count(),
            monthly_fee_rate=arrangement.monthly_fee_rate,
        )
        arrangement.restructuring = restructurings.agree(
            customer=arrangement.customer,
            bill=None,
            asked=proposals.as_restructuring(asked),
            approval=arrangement.approval,
            by=by,
            at=at,
        )
    signed = ["signature", "signature_reference", "signed_date", "signed_at", "signed_stage", "restructuring"]
    arrangement.save(update_fields=signed)
    moves.move(arrangement=arrangement, to=ArrangementStatus.ACTIVE, by=by, at=at)
    stopping.stop(arrangement=arrangement, by=by, at=at)
    return None
