"""A change's canonical text, read back field by field."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; of a hidden one only that it changed is known here."""

    name: str
    old: str | None
    new: str | None
    is_hidden: bool = False


def fields(diff: str) -> Iterator[FieldChange]:
    """The fields of a diff in the order of their names."""
    for name, value in json.loads(diff).items():
        if isinstance(value, dict):
            old, new = value["c"]
            yield FieldChange(name, _hidden(old), _hidden(new), is_hidden=True)
        else:
            yield FieldChange(name, shown(value[0]), shown(value[1]))


def shown(value: Any) -> str | None:
    """A value of a leaf as people read it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict) and value.keys() == {"bytes", "sha256"}:
        return f"{value['bytes']} bytes, SHA-256 {value['sha256'][:12]}…"
    return json.dumps(value, ensure_ascii=False)


def _hidden(commitment: str | None) -> str | None:
    return commitment and "•••"
