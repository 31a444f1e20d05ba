"""What the lines of an export say: the columns beside them, and whether they stand where a batch can have put them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

FORMULA = tuple("=+-@\t\r\n")  # before what begins so, an apostrophe stands in CSV


def flat(leaf: dict[str, Any]) -> dict[str, Any]:
    """The columns that stand beside a leaf in CSV and Parquet; whole numbers as such."""
    whole = leaf.get("parent_seq") if leaf["type"] == "operation" else leaf["op_seq"]
    numbers = {"seq": int(leaf["seq"]), "part_of": None if whole is None else int(whole)}
    texts = {name: value for name, value in leaf.items() if name not in ("parent_seq", "op_seq", "detail", "diff", "v")}
    return texts | numbers


def differing(leaf: bytes, row: dict[str, Any]) -> Iterator[str]:
    """The columns of a line of CSV that do not say what its leaf says."""
    says = flat(json.loads(leaf))
    for name, cell in row.items():
        expected = "" if says.get(name) is None else str(says[name])
        if name != "leaf" and cell != (f"'{expected}" if expected.startswith(FORMULA) else expected):
            yield name


def out_of_place(leaves: Iterable[bytes]) -> Iterator[tuple[int, int, int]]:
    """Lines, counted from 0, that come after a higher number in the same batch: the line, its number, the higher one.

    A batch holds its events by their numbers, and begins above every transaction of the one before it.
    """
    highest = before = -1  # the highest transaction so far, and the number of the line before
    for line, leaf in enumerate(leaves):
        try:
            event = json.loads(leaf)
            number, transaction = int(event["seq"]), int(event["xid"])
        except (ValueError, KeyError, TypeError):
            continue
        if number < before and transaction <= highest:
            yield line, number, before
        highest, before = max(highest, transaction), number
