"""The strategies: what is in force, what is shipped, what is wrong with one, and what a publication rests on."""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals
from apps.bills.models import Product
from apps.cases.domain import queues, strategy, strategy_comparison, strategy_faults
from apps.cases.domain.status import CaseStatus, VersionStatus
from apps.cases.domain.strategy import Strategy
from apps.cases.domain.strategy_comparison import Change
from apps.cases.domain.strategy_faults import Known
from apps.cases.models import Case, StrategyVersion
from apps.cases.queries import strategy_wording
from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.outreach.domain.rules import Cap, Consent
from apps.outreach.models import Template
from apps.outreach.queries import rules as conduct

PUBLISH, ROLL_BACK = "cases.publish_strategy", "cases.roll_back_strategy"
SUBJECT = "cases.strategyversion"
SHIPPED = Path(__file__).resolve().parent.parent / "strategies"


def in_force(using: str = "default") -> StrategyVersion | None:
    """The version under which new cases are treated: the one that was published last."""
    published = StrategyVersion.objects.using(using).filter(status=VersionStatus.PUBLISHED)
    return published.order_by("-published_at", "-id").first()


def has_open_cases_of_others(version: StrategyVersion) -> bool:
    """Whether an open case is still treated under another version."""
    known = StrategyVersion.objects.exclude(pk=version.pk).filter(published_at__isnull=False)
    others = list(known.values_list("pk", flat=True))
    return Case.objects.filter(strategy__in=others, status=CaseStatus.OPEN).exists() if others else False


def versions() -> QuerySet[StrategyVersion]:
    """Every version of every strategy, the newest of each first."""
    return StrategyVersion.objects.select_related("base", "drafted_by").order_by("code", "-version")


def named(text: str) -> StrategyVersion | None:
    """The version that `code@version` names; of a code alone the newest."""
    code, _at, number = text.partition("@")
    found = versions().filter(code=code)
    return found.filter(version=int(number)).first() if number.isdigit() else None if number else found.first()


def read(document: dict[str, Any]) -> Strategy:
    """What a document of the right shape says."""
    return strategy.read(document)


def rules_of(version: StrategyVersion) -> Strategy:
    """The version's document, read."""
    return strategy.read(version.document)


def shipped() -> list[dict[str, Any]]:
    """The documents that come with the product, in order of code and version."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]
    return sorted(documents, key=lambda document: (document["code"], document["version"]))


def known(at: dt.datetime) -> Known:
    """What there is beside a strategy on the day of the moment."""
    templates: dict[str, set[str]] = defaultdict(set)
    for code, channel in Template.objects.filter(approved_at__isnull=False).values_list("code", "channel"):
        templates[code].add(channel)
    daily: dict[str, tuple[int, str]] = {}
    consented: set[str] = set()
    for rule in conduct.in_force(at):
        if isinstance(rule, Consent):
            consented |= {Channel(channel).value for channel in rule.channels}
        if isinstance(rule, Cap) and rule.days == 1:
            for channel in rule.channels:
                daily[channel.value] = min(daily.get(channel.value, (rule.limit, rule.code)), (rule.limit, rule.code))
    return Known(
        templates={code: frozenset(channels) for code, channels in templates.items()},
        queues=frozenset(queue for held in queues.BY_ROLE.values() for queue in held),
        products=frozenset(Product.objects.values_list("code", flat=True)),
        consented=frozenset(consented),
        daily=daily,
    )


def faults(document: Any, at: dt.datetime) -> list[str]:
    """Everything that is wrong with a document, in sentences that name the step."""
    return [strategy_wording.sentence(fault) for fault in strategy_faults.faults(document, known(at))]


def check(document: Any, at: dt.datetime | None = None) -> Strategy:
    """Read a document, refused where it cannot work; against what there is where a moment is given."""
    found = strategy_faults.faults(document, known(at) if at else None)
    if found:
        raise Refused(strategy_wording.sentence(found[0]), code="strategy_invalid")
    return strategy.read(document)


def compare(before: StrategyVersion | None, after: dict[str, Any]) -> list[Change]:
    """What a document changes in a version."""
    return strategy_comparison.compare(before.document, after) if before else []


def digest(document: dict[str, Any]) -> str:
    """The fingerprint of a document: what was agreed to is what is published."""
    return hashlib.sha256(json.dumps(document, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def asked_for(version: StrategyVersion, user: User) -> QuerySet[ApprovalRequest]:
    """The requests to publish this version or to go back to it, the newest first."""
    return approvals.visible_to(user).filter(subject_type=SUBJECT, subject_reference=str(version))


def facts(payload: dict[str, Any]) -> dict[str, Any]:
    """What a publication rests on: the document and the version it was drawn from, which must still be in force."""
    version = named(payload["version"])
    running = in_force()
    assert version is not None
    changes = compare(running, version.document)
    return {
        "version": str(version),
        "name": version.document["name"],
        "in_force": str(running) if running else "",
        "document": digest(version.document),
        "existing_cases": payload["existing_cases"],
        "changes": len(changes),
        "status": version.status,
    }
