"""New editions of the authority matrix: asked for by one, agreed to by others, published by the last yes."""

import datetime as dt

from apps.access.actions import approvals
from apps.access.models import ApprovalRequest, AuthorityRule, AuthorityVersion, User
from apps.access.queries import matrix
from apps.access.queries.matrix import Draft
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def propose(*, draft: Draft, base: int, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for a new edition drawn from edition number `base`; refused at once where it may not be published."""
    latest = matrix.latest()
    if latest is not None and latest.number != base:
        words = {"base": base, "latest": latest.number}
        raise Refused(
            _("The draft was drawn from matrix %(base)s, but %(latest)s is the latest one.") % words, code="base_moved"
        )
    matrix.check(draft, matrix.local_date(at))
    return approvals.request(
        action=matrix.ACTION,
        subject=approvals.Subject(matrix.SUBJECT, f"matrix-{base + 1}"),
        amount=ZERO,
        payload=matrix.as_payload(draft),
        reason=reason,
        by=by,
        at=at,
    )


def execute(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> AuthorityVersion:
    """Publish the edition that an approved request holds; refused where its day has begun meanwhile."""
    with audit.operation(matrix.ACTION, by=by, at=at, authority=f"approval:{request.reference}") as op:
        draft = matrix.from_payload(request.payload)
        matrix.check(draft, matrix.local_date(at))
        latest = matrix.latest()
        made = AuthorityVersion.objects.create(
            number=(latest.number if latest else 0) + 1,
            effective_date=draft.effective_date,
            note=draft.note,
            maker_daily_limit=draft.maker_daily_limit,
            customer_daily_limit=draft.customer_daily_limit,
        )
        AuthorityRule.objects.bulk_create(
            AuthorityRule(
                version=made,
                action=line.action,
                product=line.product,
                tier=line.tier.code,
                up_to=line.tier.up_to,
                fees_only=line.tier.fees_only,
                approvers=list(line.tier.approvers),
                in_order=line.tier.in_order,
                in_bulk=line.tier.in_bulk,
            )
            for line in draft.lines
        )
        op.on = made
        op.sentence = f"Published authority matrix {made.number}, in force from {made.effective_date}."
        op.detail = {"number": made.number, "lines": len(draft.lines)}
    return made
