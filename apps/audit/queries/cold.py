"""Cold files: packages of the trail that hold what left the database, read line by line."""

import datetime as dt
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from apps.audit.domain import merkle, retirement
from apps.audit.domain.fault import Fault
from apps.audit.domain.growth import NAMED
from apps.audit.domain.retirement import Month, Places
from apps.audit.queries import keys, seals
from apps.audit.queries.retirement import Gone, Retired
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

PIECE = 5_000  # lines
DAMAGE = (OSError, ValueError, KeyError, TypeError, EOFError, zlib.error, zipfile.BadZipFile)
Line = tuple[int, str]  # its place in the tree, its leaf


@dataclass
class Cold:
    """The folder with the files of what left."""

    folder: Path
    _open: dict[str, tuple[int, Iterator[Line]]] = field(default_factory=dict)  # the place reached, and what follows

    def leaf(self, found: Retired, place: int) -> str:
        """The leaf at a place of the tree; a file is read on as long as it is asked in the order of the tree."""
        reached, lines = self._open.get(found.file, (place, None))
        if lines is None or reached >= place:
            lines = lines_of(self.folder / found.file)
        self._open[found.file] = place, lines
        try:
            return next(leaf for number, leaf in lines if number == place)
        except StopIteration:
            raise _unreadable(self.folder / found.file, f"leaf {place} is not there") from None
        except DAMAGE as error:
            raise _unreadable(self.folder / found.file, error) from error


def lines_of(path: Path) -> Iterator[Line]:
    """Every line of a cold file with its place in the tree."""
    with zipfile.ZipFile(path) as package:
        first = json.loads(package.read("package.json"))["first_leaf"]
        with package.open("events.jsonl") as file:
            for number, line in enumerate(file, first):
                yield number, line.removesuffix(b"\n").decode()


def recorded_at(leaf: str) -> dt.datetime:
    """When an event was recorded."""
    return dt.datetime.fromisoformat(json.loads(leaf)["recorded_at"])


def check(path: Path, month: Month, using: str) -> Places:
    """Verify a file that was written as an outsider would, and that its lines are the leaves of the tree that is shown.

    Returns where the month's events stand in the tree; refused with what is wrong.
    """
    _verify(path)
    own: list[int] = []
    try:
        with zipfile.ZipFile(path) as package:
            origin = json.loads(package.read("package.json"))["origin"]
        if origin != seals.origin(using):
            raise _unreadable(path, f"it is of {origin}")
        for place, leaf, sealed in _compared(path, using):
            if sealed != merkle.leaf_hash(leaf.encode()):
                raise _unreadable(path, f"leaf {place} is not the one that is sealed here")
            if month.start <= recorded_at(leaf) < month.end:
                own.append(place)
    except DAMAGE as error:
        raise _unreadable(path, error) from error
    return retirement.places(own)


def _verify(path: Path) -> None:
    """Run the verifier that the file brings, on the file as it lies on the disk, with the keys that are known here."""
    with tempfile.NamedTemporaryFile("w", suffix=".vkey", encoding="utf-8") as trusted:
        trusted.write("".join(f"{key.text}\n" for key in keys.verifiers()))
        trusted.flush()
        line = [sys.executable, "-I", str(path), "--key", trusted.name, "--json"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603 - a program of ours
    if done.returncode:
        try:
            found = json.loads(done.stdout)
            said = " ".join([*found["faults"], *found["unchecked"]])
        except DAMAGE:
            said = "it cannot be run"
        raise _unreadable(path, said)


def _compared(path: Path, using: str) -> Iterator[tuple[int, str, bytes]]:
    """Every line with the hash that is sealed at its place."""
    lines = lines_of(path)
    while piece := list(islice(lines, PIECE)):
        sealed = seals.leaf_hashes(piece[0][0], piece[-1][0] + 1, using)
        if len(sealed) != len(piece):
            raise _unreadable(path, "the tree is smaller")
        yield from ((place, leaf, hashed) for (place, leaf), hashed in zip(piece, sealed, strict=True))


def faults(gone: Gone, folder: Path, using: str) -> Iterator[Fault]:
    """What is wrong with the cold files of what left of the tree that is shown."""
    for found in gone.months:
        path = folder / found.file
        if not path.is_file():
            yield Fault("cold_missing", f"The cold file {found.file} of {found.month.name} is not there.")
            continue
        with path.open("rb") as file:
            is_the_one = hashlib.file_digest(file, "sha256").hexdigest() == found.sha256
        wrong = list(islice(_altered(found, path, using), NAMED))
        yield from wrong
        if not is_the_one and not wrong:
            yield Fault("cold_altered", f"The cold file {found.file} is not the one that was verified.")


def _altered(found: Retired, path: Path, using: str) -> Iterator[Fault]:
    left = len(found.places)
    try:
        for place, leaf, sealed in _compared(path, using):
            left -= place in found.places
            if sealed != merkle.leaf_hash(leaf.encode()):
                yield Fault("cold_altered", f"Leaf {place} in {found.file} is not the event that was sealed there.")
    except Refused as refusal:
        yield Fault("cold_altered", refusal.sentence)
    except DAMAGE as error:
        yield Fault("cold_altered", f"The cold file {found.file} cannot be read: {error}.")
    else:
        if left:
            yield Fault("cold_altered", f"{left} events of {found.month.name} are not in {found.file}.")


def _unreadable(path: Path, why: object) -> Refused:
    sentence = _("The cold file %(path)s cannot be relied on: %(why)s.")
    return Refused(sentence % {"path": path, "why": str(why).rstrip(".")}, code="cold_file")
