"""Publishing a treatment path, and going back to an earlier version of it."""

import datetime as dt
from typing import Any

from apps.access.models import ApprovalRequest
from apps.audit import actions as audit
from apps.cases.domain import moves
from apps.cases.domain.status import ExistingCases, VersionStatus
from apps.cases.domain.strategy import Step, Strategy
from apps.cases.models import StrategyArm, StrategySegment, StrategyStep, StrategyVersion
from apps.cases.queries import strategies
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def publish(*, document: dict[str, Any], by: Actor, at: dt.datetime, using: str = "default") -> StrategyVersion:
    """Put a document in force as the next version of its strategy, without a request: what is shipped."""
    with audit.operation("cases.publish_strategy", by=by, at=at, using=using) as op:
        rules = strategies.check(document)
        versions = StrategyVersion.objects.using(using).filter(code=rules.code)
        last = versions.order_by("-version").first()
        if rules.version != (last.version + 1 if last else 1):
            words = {"version": rules.version, "code": rules.code, "last": last.version if last else 0}
            raise Refused(
                _("Version %(version)s of %(code)s does not follow version %(last)s.") % words, code="strategy_version"
            )
        published = StrategyVersion(code=rules.code, version=rules.version, document=document)
        put_in_force(version=published, rules=rules, by=by, at=at, using=using)
        op.on = published
        op.detail = {"document": document}
        op.sentence = f"Published version {rules.version} of the strategy {rules.code}."
    return published


def execute_publication(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> StrategyVersion:
    """Put the draft in force that an approved request names; the cases of earlier versions move by its rule."""
    with audit.operation(strategies.PUBLISH, by=by, at=at, authority=f"approval:{request.reference}") as op:
        version = _locked(request)
        rules = strategies.check(version.document, at)
        put_in_force(version=version, rules=rules, by=by, at=at)
        op.on = version
        op.detail = {"document": version.document}
        op.sentence = f"Published version {version.version} of the strategy {version.code}."
    return version


def execute_roll_back(request: ApprovalRequest, *, by: Actor, at: dt.datetime) -> StrategyVersion:
    """Put the retired version in force again that an approved request names."""
    with audit.operation(strategies.ROLL_BACK, by=by, at=at, authority=f"approval:{request.reference}") as op:
        version = _locked(request)
        rules = strategies.check(version.document, at)
        put_in_force(
            version=version,
            rules=rules,
            rule=ExistingCases(request.payload["existing_cases"]),
            by=by,
            at=at,
        )
        op.on = version
        op.sentence = f"Went back to version {version.version} of the strategy {version.code}."
    return version


def install(*, by: Actor, at: dt.datetime, using: str = "owner") -> int:
    """Publish the shipped strategies whose code is not known yet; answers how many. What is there is never touched."""
    known = set(StrategyVersion.objects.using(using).values_list("code", flat=True))
    new = [document for document in strategies.shipped() if document["code"] not in known]
    for document in new:
        publish(document=document, by=by, at=at, using=using)
    return len(new)


def _locked(request: ApprovalRequest) -> StrategyVersion:
    code, _at, number = request.payload["version"].partition("@")
    return StrategyVersion.objects.select_for_update().get(code=code, version=int(number))


def put_in_force(
    *,
    version: StrategyVersion,
    rules: Strategy,
    rule: ExistingCases | None = None,
    by: Actor,
    at: dt.datetime,
    using: str = "default",
) -> None:
    """Retire the version in force and put this one in its place, its tables read when it is for the first time.

    `rule` stands in for what its document says of existing cases. Part of the caller's transaction and of its audit
    operation.
    """
    is_new = version.published_at is None
    for running in StrategyVersion.objects.using(using).filter(status=VersionStatus.PUBLISHED):
        running.status = moves.move(moves.VERSION, VersionStatus(running.status), VersionStatus.RETIRED)
        running.save(using=using, update_fields=["status"])
    version.status = moves.move(moves.VERSION, VersionStatus(version.status), VersionStatus.PUBLISHED)
    version.published_at, version.existing_cases = at, rule or rules.existing_cases
    version.save(using=using)
    if is_new:
        _put_tables(version, rules, using)


def _put_tables(version: StrategyVersion, rules: Strategy, using: str) -> None:
    """Read a version's steps, segments and arms from its document once, so that the close can join them."""
    StrategyStep.objects.using(using).bulk_create(_row(version, rules, step) for step in rules.steps)
    StrategySegment.objects.using(using).bulk_create(
        StrategySegment(
            version=version, code=s.code, buckets=list(s.buckets), amount_from=s.amount_from,
            amount_below=s.amount_below, products=list(s.products), tenure_from=s.tenure_from,
            tenure_below=s.tenure_below, first_payment_default=s.first_payment_default,
        )
        for s in rules.segments
    )  # fmt: skip
    StrategyArm.objects.using(using).bulk_create(
        StrategyArm(version=version, code=arm.code, role=arm.role, weight=arm.weight, share_from=arm.share_from)
        for arm in rules.arms
    )


def _row(version: StrategyVersion, rules: Strategy, step: Step) -> StrategyStep:
    return StrategyStep(
        version=version,
        position=step.position,
        code=step.code,
        kind=step.kind,
        stage=step.stage,
        from_day=step.from_day,
        days=list(step.days),
        queue=step.queue,
        template=step.template,
        channels=list(step.channels),
        segments=list(step.segments),
        arms=list(rules.arms_of(step)),
        wait=step.wait,
        exits=list(step.exits),
        minutes=step.minutes,
    )
