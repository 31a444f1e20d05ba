"""Publishing a treatment path."""

import datetime as dt
from typing import Any

from apps.audit import actions as audit
from apps.cases.domain import moves, strategy
from apps.cases.domain.status import VersionStatus
from apps.cases.domain.strategy import Step
from apps.cases.models import StrategyStep, StrategyVersion
from apps.cases.queries import strategies
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused


def publish(*, document: dict[str, Any], by: Actor, at: dt.datetime, using: str = "default") -> StrategyVersion:
    """Put a version of a strategy in force: cases that open from now on are treated under it, others keep theirs."""
    with audit.operation("cases.publish_strategy", by=by, at=at, using=using) as op:
        rules = strategy.read(document)
        versions = StrategyVersion.objects.using(using).filter(code=rules.code)
        last = versions.order_by("-version").first()
        if rules.version != (last.version + 1 if last else 1):
            raise Refused(
                f"Version {rules.version} of {rules.code} does not follow version {last.version if last else 0}.",
                code="strategy_version",
            )
        for version in versions.filter(status=VersionStatus.PUBLISHED):
            version.status = moves.move(moves.VERSION, VersionStatus(version.status), VersionStatus.RETIRED)
            version.save(update_fields=["status"])
        published = StrategyVersion.objects.using(using).create(
            code=rules.code, version=rules.version, document=document, status=VersionStatus.PUBLISHED, published_at=at
        )
        StrategyStep.objects.using(using).bulk_create(_row(published, step) for step in rules.steps)
        op.on = published
        op.detail = {"document": document}
        op.sentence = f"Published version {rules.version} of the strategy {rules.code}."
    return published


def install(*, by: Actor, at: dt.datetime, using: str = "owner") -> int:
    """Publish the shipped strategies whose code is not known yet; answers how many. What is there is never touched."""
    known = set(StrategyVersion.objects.using(using).values_list("code", flat=True))
    new = [document for document in strategies.shipped() if document["code"] not in known]
    for document in new:
        publish(document=document, by=by, at=at, using=using)
    return len(new)


def _row(version: StrategyVersion, step: Step) -> StrategyStep:
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
    )
