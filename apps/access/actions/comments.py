"""What is said to a request without deciding it."""

import datetime as dt

from apps.access.domain.approval import Objection, RequestStatus
from apps.access.models import ApprovalComment, ApprovalRequest, User
from apps.access.queries import approvals, wording
from apps.audit import actions as audit
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def say(*, reference: str, text: str, by: User, at: dt.datetime) -> ApprovalComment:
    """Ask or answer something on an open request that one may see; it stays as it was said."""
    with audit.operation("access.approvals.comment", by=by, at=at) as op:
        seen = approvals.visible_to(by).filter(reference=reference).values("pk")
        asked = ApprovalRequest.objects.select_for_update().filter(pk__in=seen).first()
        if asked is None:
            raise Refused(_("There is no request %(reference)s.") % {"reference": reference}, code="unknown")
        op.on = asked
        if asked.status != RequestStatus.REQUESTED:
            raise Refused(wording.objection(Objection.DECIDED, asked), code=Objection.DECIDED)
        if not text.strip():
            raise Refused(_("A comment says something."), code="text_missing")
        made = ApprovalComment.objects.create(request=asked, said_by=by, text=text.strip(), said_at=at)
        op.sentence = f"Commented on {reference}."
    return made
