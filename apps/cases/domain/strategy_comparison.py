"""What one version of a strategy says that another does not: step by step, field by field."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from apps.cases.domain.status import ExistingCases

LISTS = (("segments", "segment"), ("arms", "arm"), ("steps", "step"))
PARTS = ("promises", "caps", "experiment")


class Kind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


class Change(NamedTuple):
    """One difference; `field` is empty where a whole part came, went or moved."""

    kind: Kind
    part: str  # strategy, promises, caps, experiment, segment, arm, step
    name: str
    field: str = ""
    before: Any = None
    after: Any = None


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference between two documents but their version."""
    found = [*_fields("strategy", "", _plain(before), _plain(after))]
    for part in PARTS:
        found += _fields(part, "", _without_lists(before.get(part, {})), _without_lists(after.get(part, {})))
    for name, part in LISTS:
        found += _list(part, _items(before, name), _items(after, name))
    return found


def _plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for the whole of it; of existing cases what holds where nothing is said."""
    said = {"existing_cases": ExistingCases.AT_NEXT_STAGE.value, **document}
    return {key: said[key] for key in ("code", "name", "existing_cases") if key in said}


def _without_lists(part: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key != "arms"}


def _items(document: Mapping[str, Any], name: str) -> dict[str, Mapping[str, Any]]:
    source = document.get("experiment", {}) if name == "arms" else document
    return {item["code"]: item for item in source.get(name, ())}


def _list(part: str, before: dict[str, Mapping[str, Any]], after: dict[str, Mapping[str, Any]]) -> Iterator[Change]:
    stayed_before = [code for code in before if code in after]
    stayed = [code for code in after if code in before]
    for code, item in after.items():
        if code not in before:
            yield Change(Kind.ADDED, part, code, after=dict(item))
            continue
        yield from _fields(part, code, before[code], item)
        was, now = stayed_before.index(code), stayed.index(code)
        if was != now:
            yield Change(Kind.MOVED, part, code, before=was + 1, after=now + 1)
    for code, item in before.items():
        if code not in after:
            yield Change(Kind.REMOVED, part, code, before=dict(item))


def _fields(part: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys([*before, *after]):
        if before.get(key) != after.get(key):
            kind = Kind.ADDED if key not in before else Kind.REMOVED if key not in after else Kind.CHANGED
            yield Change(kind, part, name, key, before.get(key), after.get(key))
