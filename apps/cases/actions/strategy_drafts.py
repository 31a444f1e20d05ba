"""Drafts of a strategy: drawn, saved, rebased, thrown away, and asked to be published; and asking to go back."""

import copy
import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Max

from apps.access.actions import approvals
from apps.access.actions.approvals import Subject
from apps.access.domain.approval import RequestStatus
from apps.access.models import ApprovalRequest, User
from apps.audit import actions as audit
from apps.cases.domain import moves, strategy_shape
from apps.cases.domain.status import ExistingCases, VersionStatus
from apps.cases.models import StrategyVersion
from apps.cases.queries import strategies, strategy_wording
from apps.core.domain.money import ZERO
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

LOCK = 7_220_481  # advisory: versions are numbered, and drawn from what is in force, one after the other


def draw(*, document: Any, by: User, at: dt.datetime) -> StrategyVersion:
    """Begin the next version of a strategy from a document; it rests on the version in force.

    A draft may still have faults that its page names; a document of the wrong shape is refused.
    """
    with audit.operation("cases.draw_strategy", by=by, at=at) as op:
        _one_at_a_time()
        code = document.get("code") if isinstance(document, dict) else None
        last = StrategyVersion.objects.filter(code=str(code)).aggregate(last=Max("version"))["last"] or 0
        document = copy.deepcopy(document) | {"version": last + 1} if isinstance(document, dict) else document
        _of_the_right_shape(document)
        version = StrategyVersion.objects.create(
            code=document["code"],
            version=last + 1,
            document=document,
            status=VersionStatus.DRAFT,
            base=strategies.in_force(),
            drafted_by=by,
            drafted_at=at,
        )
        op.on = version
        op.sentence = f"Drew {version} from {version.base}."
    return version


def change(*, version: StrategyVersion, document: dict[str, Any], by: User, at: dt.datetime) -> StrategyVersion:
    """Keep what a draft says now; its code and its number stay. What was asked for under the old text becomes void."""
    with audit.operation("cases.save_strategy", by=by, at=at, on=version) as op:
        draft = _draft(version)
        document = document | {"code": draft.code, "version": draft.version}
        _of_the_right_shape(document)
        op.nothing_happened = document == draft.document
        draft.document, draft.drafted_by, draft.drafted_at = document, by, at
        draft.save(update_fields=["document", "drafted_by", "drafted_at"])
        op.sentence = f"Changed the draft {draft}."
    return draft


def rebase(*, version: StrategyVersion, by: User, at: dt.datetime) -> StrategyVersion:
    """Let a draft rest on the version that is in force now, after a look at what it would change in it."""
    with audit.operation("cases.rebase_strategy", by=by, at=at, on=version) as op:
        _one_at_a_time()
        draft = _draft(version)
        draft.base = strategies.in_force()
        draft.save(update_fields=["base"])
        op.sentence = f"Draft {draft} rests on {draft.base} now."
    return draft


def discard(*, version: StrategyVersion, by: User, at: dt.datetime) -> StrategyVersion:
    """Throw a draft away; its number is not given again."""
    with audit.operation("cases.discard_strategy", by=by, at=at, on=version) as op:
        draft = _draft(version)
        draft.status = moves.move(moves.VERSION, VersionStatus(draft.status), VersionStatus.DISCARDED)
        draft.save(update_fields=["status"])
        op.sentence = f"Threw the draft {draft} away."
    return draft


def request_publication(*, version: StrategyVersion, reason: str, by: User, at: dt.datetime) -> ApprovalRequest:
    """Ask for a draft to be published; refused with faults, or where what it rests on is not in force any more."""
    with audit.operation("cases.request_publication", by=by, at=at, on=version, reason=reason) as op:
        _one_at_a_time()
        draft = _draft(version)
        rules = strategies.check(draft.document, at)
        running = strategies.in_force()
        if draft.base != running:
            words = {"draft": str(draft), "base": str(draft.base), "running": str(running)}
            raise Refused(
                _("%(draft)s was drawn from %(base)s, but %(running)s is in force now: compare the two and rebase it.")
                % words,
                code="base_moved_on",
            )
        asked = _request(strategies.PUBLISH, draft, rules.existing_cases, reason, by, at)
        op.sentence = f"Asked for {draft} to be published, as {asked.reference}."
    return asked


def request_roll_back(
    *, version: StrategyVersion, existing_cases: ExistingCases, reason: str, by: User, at: dt.datetime
) -> ApprovalRequest:
    """Ask to go back to a version that was in force before; `existing_cases` says when cases move back to it."""
    with audit.operation("cases.request_roll_back", by=by, at=at, on=version, reason=reason) as op:
        _one_at_a_time()
        found = StrategyVersion.objects.select_for_update().get(pk=version.pk)
        if found.status != VersionStatus.RETIRED:
            words = {"version": str(found)}
            raise Refused(
                _("%(version)s was not in force before: only a retired version can be gone back to.") % words,
                code="not_retired",
            )
        strategies.check(found.document, at)
        asked = _request(strategies.ROLL_BACK, found, existing_cases, reason, by, at)
        op.sentence = f"Asked to go back to {found}, as {asked.reference}."
    return asked


def _request(
    action: str, version: StrategyVersion, existing_cases: ExistingCases, reason: str, by: User, at: dt.datetime
) -> ApprovalRequest:
    open_ = ApprovalRequest.objects.filter(
        action__in=(strategies.PUBLISH, strategies.ROLL_BACK), status=RequestStatus.REQUESTED
    ).filter(subject_reference=str(version))
    if found := open_.first():
        words = {"version": str(version), "reference": found.reference}
        raise Refused(_("%(version)s is asked for already: %(reference)s.") % words, code="asked_already")
    return approvals.request(
        action=action,
        subject=Subject(strategies.SUBJECT, str(version)),
        amount=ZERO,
        payload={"version": str(version), "existing_cases": existing_cases.value},
        reason=reason,
        by=by,
        at=at,
    )


def _draft(version: StrategyVersion) -> StrategyVersion:
    found = StrategyVersion.objects.select_for_update(of=("self",)).select_related("base").get(pk=version.pk)
    if found.status != VersionStatus.DRAFT:
        words = {"version": str(found)}
        raise Refused(
            _("%(version)s is no draft, and versions are not changed: draw a new one from it.") % words, code="no_draft"
        )
    return found


def _of_the_right_shape(document: Any) -> None:
    if found := strategy_shape.faults(document):
        raise Refused(strategy_wording.sentence(found[0]), code="strategy_shape")


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [LOCK])
