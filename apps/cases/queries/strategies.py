"""The strategies: what is in force, what is shipped."""

import json
from pathlib import Path
from typing import Any

from django.db.models import QuerySet

from apps.cases.domain import strategy
from apps.cases.domain.status import VersionStatus
from apps.cases.domain.strategy import Strategy
from apps.cases.models import StrategyVersion

SHIPPED = Path(__file__).resolve().parent.parent / "strategies"


def in_force(using: str = "default") -> StrategyVersion | None:
    """The version under which new cases are treated: the one that was published last."""
    published = StrategyVersion.objects.using(using).filter(status=VersionStatus.PUBLISHED)
    return published.order_by("-published_at", "-id").first()


def versions() -> QuerySet[StrategyVersion]:
    """Every version of every strategy, the newest of each first."""
    return StrategyVersion.objects.order_by("code", "-version")


def rules_of(version: StrategyVersion) -> Strategy:
    """The version's document, read."""
    return strategy.read(version.document)


def shipped() -> list[dict[str, Any]]:
    """The documents that come with the product, in order of code and version."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SHIPPED.glob("*.json"))]
    return sorted(documents, key=lambda document: (document["code"], document["version"]))
