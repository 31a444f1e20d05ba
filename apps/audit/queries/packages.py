"""An export as it is handed to somebody outside: events, their proofs, the signed checkpoint, and the verifier."""

import base64
import contextlib
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from apps.audit.domain import canonical, merkle, note
from apps.audit.domain.note import Checkpoint
from apps.audit.queries import files, keys, seals
from apps.audit.queries.files import Format
from apps.audit.queries.leaves import Leaf, Reader
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _

FORMAT = "whiteslip-audit/1"
STATEMENT = "whiteslip-audit-package/1"
ENCLOSED = Path(__file__).resolve().parent.parent / "package"
PROGRAMS = ("README.md", "__main__.py", "content.py", "lines.py", "personal.py", "tlog.py", "verify.py")
Progress = Callable[[int, int], None]  # leaves looked at, of so many


@dataclass(frozen=True)
class Order:
    """What is to be exported: which events, how, and the note of an earlier checkpoint that the tree continues."""

    reader: Reader
    kind: Format
    facts: dict[str, Any]  # what the package says of itself: period, filters, purpose, the export's operation
    earlier: str | None = None


@dataclass(frozen=True)
class Signed:
    """The tree of the last signed checkpoint."""

    note: str
    checkpoint: Checkpoint
    tree: seals.Tree


def signed(using: str) -> Signed:
    """The tree as it was signed last; refused before the first time."""
    found = seals.checkpoint(using)
    if found is None:
        raise Refused(_("Nothing of the trail is sealed yet."), code="not_sealed")
    checkpoint = note.checkpoint(note.opened(found[1], keys.verifiers()))
    return Signed(found[1], checkpoint, seals.Tree(checkpoint.size, using))


@dataclass(frozen=True)
class Content:
    """What was written of a package: its events, the leaf that they begin with, and what proves them."""

    events: int
    first_leaf: int
    proof: dict[str, Any]
    older: Checkpoint | None


def write(folder: Path, order: Order, now: Signed, progress: Progress) -> Content:
    """Write the events and their proofs into an empty folder. Inside a transaction."""
    reader, size = order.reader, now.checkpoint.size
    span = reader.batches(size)
    low, high = reader.bounds(*span) if span else (0, 0)
    found = reader.leaves(*span, wanted=reader.selection is None) if span else iter(())
    within = (leaf for leaf in _watched(found, low, high, progress) if low <= leaf.index < high)
    proof: dict[str, Any] = {}
    with files.writing(folder, order.kind) as events:
        if reader.selection is None:
            count = _write_range(folder, events, within)
            proof["before"] = _encoded(merkle.between(0, low, now.tree.part))
            proof["after"] = _encoded(merkle.between(high, size, now.tree.part))
        else:
            count = _write_proofs(folder, events, within, now.tree)
    earlier = order.earlier or seals.checkpoint_until(low, reader.using)
    older = _earlier(earlier, now) if earlier else None
    if older is not None and earlier is not None:
        proof["consistency"] = _encoded(merkle.consistency(older.size, size, now.tree.part))
        _text(folder / "previous-checkpoint", earlier)
    return Content(count, low, proof, older)


def describe(folder: Path, order: Order, now: Signed, content: Content) -> None:
    """Write beside them what the package is, the signed checkpoint, the keys and the verifier."""
    form, older = "proofs" if order.reader.selection else "range", content.older
    manifest = {
        "format": FORMAT, "form": form, "kind": order.kind, "origin": now.checkpoint.origin,
        "events": content.events, "first_leaf": content.first_leaf, "tree_size": now.checkpoint.size,
        "previous_size": older.size if older else None, **order.facts,
    }  # fmt: skip
    said = canonical.dumps(manifest) + "\n"
    _text(folder / "package.json", said)
    with contextlib.suppress(Refused):  # without the key it goes out unsigned, and its verifier says so
        _text(folder / "package.sig", _statement(said, now.checkpoint))
    _text(folder / "proof.json", json.dumps(content.proof) + "\n")
    _text(folder / "checkpoint", now.note)
    _text(folder / "vkey", "".join(f"{key.text}\n" for key in keys.verifiers()))
    for name in PROGRAMS:
        _text(folder / name, (ENCLOSED / name).read_text(encoding="utf-8"))


def _statement(said: str, tree: Checkpoint) -> str:
    """What the package says of itself, as a note by the key that signs the tree; never to be taken for a checkpoint."""
    digest = hashlib.sha256(said.encode()).hexdigest()
    return note.sign(f"{STATEMENT}\n{tree.origin} {tree.size}\n{digest}\n", keys.name(), keys.private())


def pack(folder: Path, out: Path) -> None:
    """Put everything in the folder into one zip file, what a reader looks at first in front."""
    paths = sorted(folder.iterdir(), key=lambda path: (path.name not in PROGRAMS, path.stat().st_size, path.name))
    with zipfile.ZipFile(out, "x", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for path in paths:
            package.write(path, path.name)


def _write_range(folder: Path, events: files.Write, found: Iterator[Leaf]) -> int:
    """Every leaf, and the hashes of all of them."""
    count = 0
    with (folder / "hashes.bin").open("wb") as hashes:
        for piece in _pieces(found):
            hashes.write(b"".join(leaf.hash for leaf in piece))
            events([leaf.text for leaf in piece if leaf.text is not None])
            count += len(piece)
    return count


def _write_proofs(folder: Path, events: files.Write, found: Iterator[Leaf], tree: seals.Tree) -> int:
    """The chosen leaves, each with the proof that it is in the tree."""
    count = 0
    with (folder / "proofs.txt").open("w", encoding="ascii") as proofs:
        for piece in _pieces(leaf for leaf in found if leaf.is_chosen):
            for leaf in piece:
                path = b"".join(merkle.inclusion(leaf.index, tree.size, tree.part))
                proofs.write(f"{leaf.index} {base64.b64encode(path).decode()}\n")
            events([leaf.text for leaf in piece if leaf.text is not None])
            count += len(piece)
    return count


def _pieces(found: Iterator[Leaf]) -> Iterator[list[Leaf]]:
    while piece := list(islice(found, files.PIECE)):
        yield piece


def _watched(found: Iterator[Leaf], low: int, high: int, progress: Progress) -> Iterator[Leaf]:
    for leaf in found:
        if leaf.index % files.PIECE == 0 and low <= leaf.index < high:
            progress(leaf.index - low, high - low)
        yield leaf
    progress(high - low, high - low)


def _earlier(text: str, now: Signed) -> Checkpoint:
    """An earlier checkpoint of this tree; refused where it is of another one."""
    try:
        found = note.checkpoint(note.opened(text, keys.verifiers()))
    except note.Unreadable as error:
        raise Refused(
            _("The earlier checkpoint cannot be used: %(error)s.") % {"error": error}, code="other_tree"
        ) from None
    here = now.checkpoint
    known = found.origin == here.origin and 0 < found.size <= here.size
    if not known or merkle.edge_of(found.size, now.tree.part).root() != found.root:
        words = {"size": found.size, "origin": found.origin}
        sentence = _("The earlier checkpoint, %(size)s events of %(origin)s, is not one of this book's tree.")
        raise Refused(sentence % words, code="other_tree")
    return found


def _encoded(hashes: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(part).decode() for part in hashes]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
