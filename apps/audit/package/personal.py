"""The personal values of an export in clear, against the commitments in its leaves."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256


class Values:
    """Lines of values, counted while they are read."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Begin with none."""
        self.lines, self.count = lines, 0

    def __iter__(self) -> Iterator[bytes]:
        """Every line."""
        for line in self.lines:
            self.count += 1
            yield line


def wrong(values: Iterable[bytes], leaves: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """What is wrong with the lines of values, counted from 1: each must be what the leaf of its line commits to."""
    numbered, reached, event = enumerate(leaves, 1), 0, None
    for number, text in enumerate(values, 1):
        try:
            value = json.loads(text)
            place, field, salt = int(value["line"]), value["field"], value["salt"]
            while reached < place:
                reached, leaf = next(numbered)
                event = json.loads(leaf) if reached == place else None
            committed = event["diff"][field]["c"] if event and event["seq"] == value["seq"] else None
            shown = [None if side is None else digest(salt, side) for side in (value["old"], value["new"])]
        except (ValueError, KeyError, TypeError, StopIteration):
            yield number, "cannot be read, or is of no line of the export"
            continue
        if committed != shown:
            yield number, f"is not what line {place} commits to"


def digest(salt: str, value: str) -> str:
    """The commitment to a value: the hex SHA-256 of its salt and its canonical JSON."""
    return sha256((salt + value).encode()).hexdigest()
