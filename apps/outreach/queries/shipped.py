"""What the product ships: conduct rules and texts, as files beside this app."""

import json
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"


@cache
def load(name: str) -> tuple[dict[str, Any], ...]:
    """The rows of `data/<name>.json`."""
    return tuple(json.loads((DATA / f"{name}.json").read_text(encoding="utf-8")))
