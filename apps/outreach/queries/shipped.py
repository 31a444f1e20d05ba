"""What the product ships: conduct rules and texts, as files beside this app."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from apps.outreach.domain import rules
from apps.outreach.domain.rules import Wording

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def load(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of `data/<name>.json`."""
    return tuple(json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))


def wordings() -> tuple[Wording, ...]:
    """The shipped lists of phrases that no text may use."""
    parsed = (rules.parse(row["code"], row["version"], row["kind"], row["parameters"]) for row in load("rules"))
    return tuple(rule for rule in parsed if isinstance(rule, Wording))
