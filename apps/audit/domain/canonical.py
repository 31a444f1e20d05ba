"""Canonical JSON: RFC 8785 for a restricted profile, so that any language can recompute the text."""

import datetime as dt
import json
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import Enum

LARGEST_INTEGER = 2**53 - 1


def dumps(value: object) -> str:
    """The canonical text of a value.

    Decimals become strings with their digits, dates ISO strings, aware moments `YYYY-MM-DDTHH:MM:SS.ffffffZ`, whole
    numbers beyond 2^53-1 strings. A float, a naive moment or an unknown type is a `TypeError`.
    """
    if isinstance(value, Mapping):
        keys = sorted((str(key) for key in value), key=lambda key: key.encode("utf-16-be"))
        named = {str(key): item for key, item in value.items()}
        return "{" + ",".join(f"{_string(key)}:{dumps(named[key])}" for key in keys) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "[" + ",".join(dumps(item) for item in value) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return str(value) if abs(value) <= LARGEST_INTEGER else _string(str(value))
    if isinstance(value, dt.datetime):
        return _string(moment(value))
    if isinstance(value, str | Decimal | dt.date | uuid.UUID):
        return _string(f"{value:f}" if isinstance(value, Decimal) else str(value))
    raise TypeError(f"{type(value).__name__} has no canonical form")


def moment(value: dt.datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.ffffffZ`."""
    if value.tzinfo is None:
        raise TypeError("a moment without a time zone has no canonical form")
    return value.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
