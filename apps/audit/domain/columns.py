"""The flat columns that stand beside a leaf in CSV and Parquet."""

import json
from typing import Any

COLUMNS = (
    "seq", "type", "recorded_at", "at", "part_of", "action", "decision", "actor", "acting_role", "on_behalf_of",
    "authority", "policy_version", "reason", "request_id", "attempt", "address", "channel", "object_type", "object_id",
    "kind", "sentence", "db_role", "leaf",
)  # fmt: skip
WHOLE_NUMBERS = {"seq", "part_of", "attempt"}
WHOLE = {"operation": "parent_seq", "change": "op_seq"}  # where a leaf names the operation that it is a part of


def row(leaf: str) -> list[Any]:
    """The columns of a leaf in their order; what it does not say is null."""
    says = json.loads(leaf)
    values = {**says, "part_of": says[WHOLE[says["type"]]], "leaf": leaf}
    return [_value(name, values.get(name)) for name in COLUMNS]


def _value(name: str, value: Any) -> Any:
    return int(value) if name in WHOLE_NUMBERS and value is not None else value
