"""Checks an export of an audit trail offline: `python3 verify.py [PACKAGE] [--key FILE] [--checkpoint FILE] [--json]`.

It needs Python 3.11 and the package `cryptography`, reads the package alone (a zip file or a folder; without one, that
in which it lies), and shares no code with the program that wrote it. Exit code 0: everything is as it was signed; 1: it
is not, and every sentence names what; 2: a part could not be checked here.
"""

import argparse
import json
import sys
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))  # where `python3 -I` would not look

import lines
import personal
import tlog
from content import DAMAGE, Line, Package, hashes_in, lines_of, proofs_in
from tlog import Checkpoint, Wrong

FORMAT = "whiteslip-audit/1"
STATEMENT = "whiteslip-audit-package/1"
NAMED = 20  # faults that are named one by one


@dataclass
class Result:
    """What was found: how many events, what is wrong, what could not be looked at, and what is believed."""

    events: int = 0
    faults: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
    proven: list[str] = field(default_factory=list)
    more: int = 0

    def fault(self, sentence: str) -> None:
        """Note a fault; after the first twenty only their number grows."""
        if len(self.faults) < NAMED:
            self.faults.append(sentence)
        else:
            self.more += 1


def check_range(package: Package, manifest: dict[str, Any], proof: dict[str, Any], root: bytes, found: Result) -> None:
    """Every leaf of a range, one after the other, and the parts of the tree on both sides of it."""
    tree, first = tlog.Tree(), manifest["first_leaf"]
    tree.fill(first, map(tlog.decoded, proof["before"]))
    for number, (hashed, line) in enumerate(zip_longest(hashes_in(package), lines_of(package, manifest["kind"]))):
        where = f"Line {number + 1} (leaf {first + number})"
        if hashed is None:
            found.fault(f"{where} is one more than was sealed, or its hash is missing.")
            continue
        if line is None:
            found.fault(f"{where} is missing.")
        elif tlog.leaf_hash(line[0]) != hashed:
            found.fault(f"{where} is not the event that was sealed there.")
        else:
            check_columns(where, line, found)
        found.events += line is not None
        tree.add(hashed)
    tree.fill(manifest["tree_size"], map(tlog.decoded, proof["after"]))
    if tree.root() != root:
        leaves = (line[0] for line in lines_of(package, manifest["kind"]))
        for line, seq, higher in () if found.faults else lines.out_of_place(leaves):
            where = f"Line {line + 1} (leaf {first + line})"
            found.fault(f"{where} is not where it was sealed: event {seq} cannot come after event {higher}.")
        found.fault("The hashes of the leaves do not give the root that was signed.")


def check_proofs(package: Package, manifest: dict[str, Any], root: bytes, found: Result) -> None:
    """Every line with the proof that it is a leaf of the tree."""
    before = -1
    pairs = zip_longest(lines_of(package, manifest["kind"]), proofs_in(package))
    for number, (line, proof) in enumerate(pairs, 1):
        if line is None or proof is None:
            found.fault(f"Line {number} is missing." if line is None else f"Line {number} has no proof.")
            continue
        index, path = proof
        where = f"Line {number} (leaf {index})"
        if index <= before:
            found.fault(f"{where} does not come after the line before it.")
        if not tlog.is_included(index, manifest["tree_size"], tlog.leaf_hash(line[0]), path, root):
            found.fault(f"{where} is not an event of the signed tree.")
        else:
            check_columns(where, line, found)
        before, found.events = index, found.events + 1


def check_columns(where: str, line: Line, found: Result) -> None:
    """That the flat columns of a line say what its leaf says."""
    leaf, row = line
    for name in lines.differing(leaf, row) if row is not None else ():
        found.fault(f"{where}: the column {name} is not what the leaf says.")


def check_parquet(package: Package, first: int | None, found: Result) -> None:
    """That the rows of the Parquet file say what the leaves beside it say; only where pyarrow is installed."""
    try:
        import pyarrow.parquet as pq  # noqa: PLC0415 - the rest needs nothing but the standard library
    except ImportError:
        found.unchecked.append("The leaves were checked, but not the columns of events.parquet: pip install pyarrow.")
        return
    with package.open("events.parquet") as file:
        rows = (row for batch in pq.ParquetFile(file).iter_batches(5_000) for row in batch.to_pylist())
        for number, (row, line) in enumerate(zip_longest(rows, lines_of(package, "parquet"))):
            where = f"Line {number + 1}" + ("" if first is None else f" (leaf {first + number})")
            if row is None or line is None:
                found.fault(f"{where} of {'events.parquet' if row is None else 'leaves.jsonl'} is missing.")
            elif row.pop("leaf").encode() != line[0]:
                found.fault(f"{where}: the column leaf is not the leaf.")
            else:
                says = lines.flat(json.loads(line[0]))
                for name in sorted(name for name, value in row.items() if value != says.get(name)):
                    found.fault(f"{where}: the column {name} is not what the leaf says.")


def check_personal(package: Package, manifest: dict[str, Any], found: Result) -> None:
    """That the personal values of an export in clear are what its leaves commit to."""
    if not package.has("personal.jsonl"):
        if manifest.get("personal") == "clear":
            found.fault("The file personal.jsonl is missing.")
        return
    with package.open("personal.jsonl") as file:
        values = personal.Values(file)
        for number, what in personal.wrong(values, (leaf for leaf, _row in lines_of(package, manifest["kind"]))):
            found.fault(f"Line {number} of personal.jsonl {what}.")
    if values.count != manifest.get("personal_values"):
        found.fault(f"The package names {manifest.get('personal_values')} personal values and holds {values.count}.")
    found.proven.append(f"{values.count:,} personal values are those that the events commit to.")


def check_statement(package: Package, signed: Checkpoint, keys: tlog.Keys, found: Result) -> None:
    """That whoever signed the tree also signed what the package says of itself."""
    if not package.has("package.sig"):
        found.unchecked.append("package.json is not signed: period, filters and purpose are what the sender says.")
        return
    text, signers = tlog.believed(package.text("package.sig"), keys, "signature of package.json")
    digest = sha256(package.text("package.json").encode()).hexdigest()
    if text != f"{STATEMENT}\n{signed.origin} {signed.size}\n{digest}\n":
        found.fault("package.json is not the one that was signed.")
    else:
        found.proven.append(f"Period, filters and purpose are as {list(signers)[-1]} signed them.")


def check(path: Path, trusted_keys: str | None = None, held: str | None = None) -> Result:
    """Check a package; against keys and a checkpoint that were got elsewhere where they are given."""
    found = Result()
    try:
        _check(Package(path), trusted_keys, held, found)
    except Wrong as wrong:
        found.fault(str(wrong))
    except DAMAGE as error:
        found.fault(f"The package is damaged after line {found.events}: {error}.")
    return found


def _check(package: Package, trusted_keys: str | None, held: str | None, found: Result) -> None:
    try:
        manifest, proof = json.loads(package.text("package.json")), json.loads(package.text("proof.json"))
        wanted = {"origin": str, "form": str, "kind": str, "events": int, "tree_size": int, "first_leaf": int}
        if any(type(manifest[name]) is not kind for name, kind in wanted.items()) or manifest["format"] != FORMAT:
            raise ValueError("a field is not what it should be")
    except DAMAGE as error:
        raise Wrong(f"package.json or proof.json cannot be read: {error}.") from error
    keys = tlog.public_keys(trusted_keys or package.text("vkey"))
    signed = tlog.opened(package.text("checkpoint"), keys, "checkpoint")
    if (signed.origin, signed.size) != (manifest["origin"], manifest["tree_size"]):
        raise Wrong(f"The checkpoint is of {signed.size} events of {signed.origin}: not of the tree that is named.")
    known = [signed]
    if manifest["previous_size"] is not None:
        earlier = tlog.opened(package.text("previous-checkpoint"), keys, "previous checkpoint")
        path = [tlog.decoded(part) for part in proof["consistency"]]
        if (earlier.origin, earlier.size) != (signed.origin, manifest["previous_size"]):
            raise Wrong(f"The previous checkpoint is of {earlier.size} events of {earlier.origin}: of another tree.")
        if not tlog.is_grown(earlier.size, signed.size, earlier.root, signed.root, path):
            raise Wrong(f"The tree did not grow out of the previous checkpoint of {earlier.size} events.")
        found.proven.append(f"The tree grew out of that of the previous checkpoint ({earlier.size:,} events).")
        known.append(earlier)
    if held is not None:
        yours = tlog.opened(held, keys, "checkpoint that you hold")
        if (yours.origin, yours.size, yours.root) not in [(one.origin, one.size, one.root) for one in known]:
            raise Wrong(f"The checkpoint that you hold, {yours.size} events of {yours.origin}, is not proven here.")
        found.proven.append("The checkpoint that you hold is one of this tree.")
    if manifest["form"] == "range":
        check_range(package, manifest, proof, signed.root, found)
    elif manifest["form"] == "proofs":
        check_proofs(package, manifest, signed.root, found)
    else:
        raise Wrong("The package is of a form that this program does not know.")
    if found.events != manifest["events"]:
        found.fault(f"The package names {manifest['events']} events and holds {found.events}.")
    if manifest["kind"] == "parquet":
        check_parquet(package, manifest["first_leaf"] if manifest["form"] == "range" else None, found)
    check_personal(package, manifest, found)
    check_statement(package, signed, keys, found)
    _say(manifest, signed, found)


def _say(manifest: dict[str, Any], signed: Checkpoint, found: Result) -> None:
    found.proven.append(
        f"{found.events:,} events stand in the tree of {signed.size:,} events of {signed.origin}, "
        f"which {signed.signer} signed."
    )
    if manifest["form"] == "range":
        last = manifest["first_leaf"] + found.events - 1
        found.proven.append(f"Nothing is missing between the leaves {manifest['first_leaf']} and {last}.")
    else:
        found.proven.append("Not proven: that the filter left nothing out. The whole period shows that.")


def main(words: list[str]) -> int:
    """Check, and say what was found."""
    parser = argparse.ArgumentParser(description="Checks an export of an audit trail offline.")
    parser.add_argument("package", type=Path, nargs="?", default=Path(__file__).parent, help="the zip file or folder")
    parser.add_argument("--key", type=Path, help="believe these public keys alone, which you got elsewhere")
    parser.add_argument("--checkpoint", type=Path, help="a checkpoint that you hold, to be proven one of this tree")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    given = parser.parse_args(words)
    try:
        key, held = (path and path.read_text(encoding="utf-8") for path in (given.key, given.checkpoint))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    found = check(given.package, key, held)
    named = found.faults + ([f"{found.more} more faults are not named."] if found.more else [])
    if given.json:
        numbers = {"ok": not found.faults, "events": found.events}
        print(json.dumps(numbers | {"faults": named, "unchecked": found.unchecked}))
    elif found.faults:
        print("\n".join([*named, "NOT VERIFIED."]))
    else:
        print("\n".join([*found.proven, *found.unchecked, "VERIFIED."]))
    return 1 if found.faults else 2 if found.unchecked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
