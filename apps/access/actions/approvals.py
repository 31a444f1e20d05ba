"""Requests for controlled actions: made, decided, withdrawn, expired; carried out by the approval itself."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection

from apps.access import registry
from apps.access.domain import approval
from apps.access.domain.approval import Bar, Objection, RequestStatus, Verdict, Voice
from apps.access.models import ApprovalDecision, ApprovalRequest, AuthorityVersion, Delegation, User
from apps.access.queries import approvals, matrix, objections, wording
from apps.audit import actions as audit
from apps.audit.domain.envelope import Decision
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


@dataclass(frozen=True)
class Subject:
    """What a request is about, and whose account it concerns."""

    type: str
    reference: str
    customer_reference: str = ""


def request(
    *,
    action: str,
    subject: Subject,
    amount: Decimal,
    payload: dict[str, Any],
    reason: str,
    by: User,
    at: dt.datetime,
) -> ApprovalRequest:
    """Ask for a controlled action; the rule is found by everything the maker asked for this customer of late."""
    key = _next_key()
    with audit.operation("access.approvals.request", by=by, at=at, reason=reason) as op:
        User.objects.select_for_update().get(pk=by.pk)  # two requests of one maker are counted one after the other
        if by.customer_reference and by.customer_reference == subject.customer_reference:
            raise Forbidden(_("Nobody acts on their own account."), code=Objection.OWN_ACCOUNT)
        if not reason.strip():
            raise Refused(_("A request needs a reason."), code="reason_missing")
        version = _version(at)
        _within_daily_limits(version, subject, amount, by, at)
        facts = registry.action(action).facts(payload)
        counted = amount + approvals.asked_before(by, subject.customer_reference, action, at)
        rule = matrix.rule_for(
            version,
            action,
            counted,
            fees_only=facts.get("fees_only") is True,
            product=str(facts.get("product", "")),
        )
        if rule is None:
            raise Refused(_("The authority matrix has no rule for this action and amount."), code="rule_missing")
        made = ApprovalRequest.objects.create(
            pk=key,
            reference=f"A-{key}",
            action=action,
            subject_type=subject.type,
            subject_reference=subject.reference,
            customer_reference=subject.customer_reference,
            amount=amount,
            counted_amount=counted,
            payload=payload,
            facts=facts,
            fingerprint=approval.fingerprint(facts),
            rule=rule,
            reason=reason.strip(),
            made_by=by,
            made_at=at,
            expires_at=at + approval.VALID,
        )
        op.on, op.authority = made, _authority(made)
        op.sentence = f"Requested {action} of {amount} on {subject.reference} as {made.reference}."
        op.detail = {"reference": made.reference, "amount": str(amount), "counted": str(counted), "tier": rule.tier}
    return made


def decide(*, reference: str, verdict: Verdict, reason: str = "", by: User, at: dt.datetime) -> ApprovalRequest:
    """Say yes or no to a request; the last yes carries the action out in the same transaction.

    A request whose time is up expires and one whose facts have changed becomes void, for good, with a refusal.
    Whoever may decide in their own role does so; otherwise a delegation lets them decide in another's name.
    """
    refusal: Refused | None = None
    voice: Voice | None = None
    with audit.operation("access.approvals.decide", by=by, at=at, reason=reason) as op:
        asked = _locked(reference)
        op.on, op.authority = asked, _authority(asked)
        if asked.status == RequestStatus.REQUESTED and at >= asked.expires_at:
            refusal = _end(asked, RequestStatus.EXPIRED, by, at)
        else:
            voice = _voice(asked, by, at)
            if verdict == Verdict.APPROVE and _facts_changed(asked):
                refusal = _end(asked, RequestStatus.VOID, by, at)
        if refusal is not None or voice is None:
            assert refusal is not None
            op.decision, op.sentence, op.detail = Decision.DENY, refusal.sentence, {"refusal": refusal.code}
        else:
            if voice.mandate is not None:
                op.on_behalf_of = User(pk=voice.mandate.giver).actor_id
                op.authority += f" delegation:{voice.mandate.reference}"
            _decide(asked, verdict, reason.strip(), voice, by, at)
            op.sentence = f"{'Approved' if verdict == Verdict.APPROVE else 'Rejected'} {reference}: now {asked.status}."
            op.detail = {"verdict": verdict.value, "status": asked.status}
    if refusal is not None:
        raise refusal
    return asked


@dataclass(frozen=True)
class Answered:
    """What became of one of several requests: its status, and the sentence where it was not decided."""

    reference: str
    status: str = ""
    refusal: str = ""


def decide_many(
    *, references: Sequence[str], verdict: Verdict, reason: str = "", by: User, at: dt.datetime
) -> list[Answered]:
    """Say the same to several requests whose rules allow it, each in a transaction of its own."""
    answers = []
    for reference in dict.fromkeys(references):
        try:
            _in_bulk(reference)
            decided = decide(reference=reference, verdict=verdict, reason=reason, by=by, at=at)
        except Refused as refusal:
            answers.append(Answered(reference, refusal=refusal.sentence))
        else:
            answers.append(Answered(reference, decided.status))
    return answers


def _in_bulk(reference: str) -> None:
    asked = ApprovalRequest.objects.select_related("rule").filter(reference=reference).first()
    if asked is not None and not asked.rule.in_bulk:
        words = {"reference": reference, "tier": asked.rule.tier}
        sentence = _("%(reference)s is decided by itself: %(tier)s does not allow several at once.")
        raise Refused(sentence % words, code="not_in_bulk")


def withdraw(*, reference: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Take one's own request back."""
    with audit.operation("access.approvals.withdraw", by=by, at=at) as op:
        asked = _locked(reference)
        op.on, op.authority = asked, _authority(asked)
        if asked.made_by_id != by.pk:
            raise Forbidden(_("Only whoever made a request may withdraw it."), code="not_maker")
        if asked.status != RequestStatus.REQUESTED:
            raise Refused(wording.objection(Objection.DECIDED, asked), code=Objection.DECIDED)
        _close(asked, RequestStatus.WITHDRAWN, by, at)
        op.sentence = f"Withdrew {reference}."
    return asked


def expire(*, by: Actor, at: dt.datetime) -> int:
    """End every request whose time is up; returns how many."""
    with audit.operation("access.approvals.expire", by=by, at=at) as op:
        found = list(approvals.overdue(at).select_for_update(skip_locked=True).order_by("pk"))
        for asked in found:
            _close(asked, RequestStatus.EXPIRED, by, at)
        op.sentence, op.detail = f"{len(found)} requests expired.", {"references": [r.reference for r in found]}
        op.nothing_happened = not found
    return len(found)


def _authority(asked: ApprovalRequest) -> str:
    """The rule and the request, as an operation cites them."""
    rule = asked.rule
    product = f"[{rule.product}]" if rule.product else ""
    return f"rule:{rule.action}{product}/{rule.tier}@{rule.version.number} approval:{asked.reference}"


def _decide(asked: ApprovalRequest, verdict: Verdict, reason: str, voice: Voice, by: User, at: dt.datetime) -> None:
    if verdict == Verdict.REJECT and not reason:
        raise Refused(_("A rejection needs a reason."), code="reason_missing")
    before = approvals.standing(asked)
    ApprovalDecision.objects.create(
        request=asked,
        decided_by=by,
        role=voice.role,
        on_behalf_of_id=voice.mandate.giver if voice.mandate else None,
        delegation_id=voice.mandate.key if voice.mandate else None,
        verdict=verdict,
        reason=reason,
        decided_at=at,
    )
    if verdict == Verdict.REJECT:
        _close(asked, RequestStatus.REJECTED, by, at)
    elif len(before.missing()) == 1:
        _close(asked, RequestStatus.APPROVED, by, at)
        registry.action(asked.action).execute(asked, by=by, at=at)


def _voice(asked: ApprovalRequest, by: User, at: dt.datetime) -> Voice:
    """In which role, and in whose name, somebody decides; refused with the sentence where they may not."""
    mandates = Delegation.objects.filter(receiver=by, ended_at=None).select_for_update(of=("self", "grant"))
    list(mandates.select_related("grant").order_by("pk"))  # nobody ends one meanwhile
    found = approval.weigh(approvals.standing(asked), approvals.decider_of(by, at))
    if isinstance(found, Voice):
        return found
    raise _kind(found)(objections.sentence(found, asked), code=found.objection)


def _kind(found: Bar) -> type[Refused]:
    of_the_moment = (Objection.DECIDED, Objection.TWICE, Objection.ROLE_AGREED, Objection.NOT_YET)
    return Refused if found.objection in of_the_moment else Forbidden


def _facts_changed(asked: ApprovalRequest) -> bool:
    return approval.fingerprint(registry.action(asked.action).facts(asked.payload)) != asked.fingerprint


def _end(asked: ApprovalRequest, status: RequestStatus, by: Actor, at: dt.datetime) -> Refused:
    _close(asked, status, by, at)
    return Refused(wording.ended(asked), code=status)


def _close(asked: ApprovalRequest, status: RequestStatus, by: Actor, at: dt.datetime) -> None:
    asked.status, asked.decided_at = status, at
    asked.save(update_fields=["status", "decided_at"])
    ended = registry.action(asked.action).ended if status != RequestStatus.APPROVED else None
    if ended is not None:
        ended(asked, by=by, at=at)


def _locked(reference: str) -> ApprovalRequest:
    found = ApprovalRequest.objects.select_related("rule__version", "made_by").select_for_update(of=("self",))
    asked = found.filter(reference=reference).first()
    if asked is None:
        raise Refused(_("There is no request %(reference)s.") % {"reference": reference}, code="unknown")
    return asked


def _version(at: dt.datetime) -> AuthorityVersion:
    version = matrix.version_in_force(matrix.local_date(at))
    if version is None:
        raise Refused(_("No authority matrix is in force."), code="matrix_missing")
    return version


def _within_daily_limits(
    version: AuthorityVersion, subject: Subject, amount: Decimal, by: User, at: dt.datetime
) -> None:
    midnight = at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    day = (midnight, midnight + dt.timedelta(days=1))
    limit = version.maker_daily_limit
    if limit is not None and amount + approvals.asked_on(day, made_by=by) > limit:
        words = {"limit": f"{limit:,.2f}"}
        raise Refused(_("One person asks for no more than %(limit)s a day.") % words, code="maker_limit")
    limit = version.customer_daily_limit
    customer = subject.customer_reference
    if limit is not None and customer and amount + approvals.asked_on(day, customer_reference=customer) > limit:
        words = {"limit": f"{limit:,.2f}"}
        raise Refused(_("No more than %(limit)s a day is asked for one customer.") % words, code="customer_limit")


def _next_key() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('access_approvalrequest', 'id'))")
        return int(cursor.fetchone()[0])
