"""Whatever is altered in an export, its verifier refuses it, and names the line where there is one."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import content
import pytest
import verify
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit import filters
from apps.audit.actions import packages, sealing
from apps.audit.domain import merkle, note
from apps.audit.queries.files import Format
from apps.audit.queries.leaves import Period
from tests import databases
from tests.audit.conftest import AT, BY
from tests.databases import Databases

FLIPS = 25  # of bits in every file
Alter = Callable[[Path], None]
KINDS = {"range": (Format.JSONL, {}), "proofs": (Format.JSONL, {"action": "teams.more"}), "table": (Format.CSV, {})}
SIGNED = ("checkpoint", "previous-checkpoint", "vkey", "proof.json", "package.sig")
CONTENT = {"range": ("events.jsonl", "hashes.bin"), "proofs": ("events.jsonl", "proofs.txt"), "table": ("events.csv",)}


@pytest.fixture(scope="module")
def exports(
    database_server: Databases,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Path]]:
    """Unpacked exports of the middle of a book, one of each form, that continue an earlier checkpoint."""
    folder, name = tmp_path_factory.mktemp("exports"), f"{databases.CLONE}{os.getpid()}_exports"
    database_server.clone(name)
    with django_db_blocker.unblock(), databases.pointed_to(name), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "AUDIT_KEY_FILE", str(folder / "audit.pem"))
        patch.setattr(settings, "AUDIT_ANCHORS", str(folder))
        add_teams("teams.first", 5)
        sealing.seal(by=BY, at=AT)
        start = timezone.now()
        add_teams("teams.more", 40)
        period = Period(start, timezone.now())
        add_teams("teams.later", 5)
        for kind, (written, chosen) in KINDS.items():
            wish = packages.Wish(period, written, chosen, filters.selection(chosen))
            out = folder / f"{kind}.zip"
            packages.export(wish=wish, out=out, progress=lambda _done, _of: None, by=BY, at=timezone.now())
            shutil.unpack_archive(out, folder / kind)
    yield {kind: folder / kind for kind in KINDS}
    database_server.drop(name)


def add_teams(action: str, count: int) -> None:
    first = Team.objects.count()
    with audit.operation(action, by=BY, at=AT, reason="=more"):
        Team.objects.bulk_create([Team(code=f"t-{first + n}", name=f"Team {n}") for n in range(count)])


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def package(exports: dict[str, Path], kind: str, tmp_path: Path) -> Path:
    """An export of its own that may be altered."""
    return Path(shutil.copytree(exports[kind], tmp_path / "package"))


def test_an_export_of_the_middle_of_a_book_is_verified(package: Path) -> None:
    manifest = json.loads((package / "package.json").read_text())

    assert (manifest["events"], manifest["previous_size"] > 0, manifest["first_leaf"] > 0) == (41, True, True)
    assert (verify.check(package).faults, verify.check(package).events) == ([], 41)


def test_every_flipped_bit_is_refused_and_its_line_named(package: Path, kind: str) -> None:
    chance = Random(kind)
    for name in (*CONTENT[kind], *SIGNED):
        whole = (package / name).read_bytes()
        for place in sorted(chance.sample(range(len(whole)), min(FLIPS, len(whole)))):
            (package / name).write_bytes(flipped(whole, place, chance.randrange(8)))
            first = verify.check(package).faults[0]
            if name in CONTENT[kind]:
                assert f"Line {line_of(name, whole, place)} " in first, (name, place, first)
        (package / name).write_bytes(whole)


def flipped(whole: bytes, place: int, bit: int) -> bytes:
    return whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]


def line_of(name: str, whole: bytes, place: int) -> int:
    if name == "hashes.bin":
        return place // 32 + 1
    return whole.count(b"\n", 0, place) + (name != "events.csv")  # the first line of CSV names the columns


def without_line(name: str) -> Alter:
    def alter(package: Path) -> None:
        lines = (package / name).read_bytes().splitlines(keepends=True)
        (package / name).write_bytes(b"".join(lines[:6] + lines[7:]))

    return alter


def swapped_lines(*names: str) -> Alter:
    def alter(package: Path) -> None:
        for name in names:
            lines = (package / name).read_bytes().splitlines(keepends=True)
            (package / name).write_bytes(b"".join([*lines[:6], lines[7], lines[6], *lines[8:]]))

    return alter


def swapped_leaves(package: Path) -> None:
    """Two events with their hashes."""
    swapped_lines("events.jsonl")(package)
    hashes = (package / "hashes.bin").read_bytes()
    (package / "hashes.bin").write_bytes(hashes[:192] + hashes[224:256] + hashes[192:224] + hashes[256:])


def forged_leaf(package: Path) -> None:
    """An event with its hash."""
    lines = (package / "events.jsonl").read_bytes().splitlines(keepends=True)
    lines[6] = lines[6].replace(b"Team", b"Gang")
    (package / "events.jsonl").write_bytes(b"".join(lines))
    hashes = (package / "hashes.bin").read_bytes()
    (package / "hashes.bin").write_bytes(hashes[:192] + merkle.leaf_hash(lines[6][:-1]) + hashes[224:])


def signed_by_another(package: Path) -> None:
    """What the package says of itself, by a key that nobody knows."""
    rewritten(purpose="another")(package)
    text, _ = note.split((package / "package.sig").read_text())
    (package / "package.sig").write_text(note.sign(text, "whiteslip/audit", Ed25519PrivateKey.generate()))


def cut(name: str, keep: int | None = None) -> Alter:
    def alter(package: Path) -> None:
        whole = (package / name).read_bytes()
        (package / name).write_bytes(whole[: len(whole) // 2 if keep is None else keep])

    return alter


def without(name: str) -> Alter:
    return lambda package: (package / name).unlink()


def last_line_lost(package: Path) -> None:
    """The last event and its proof, and nobody says that they were there; the manifest's number does."""
    for name in ("events.jsonl", "proofs.txt"):
        lines = (package / name).read_bytes().splitlines(keepends=True)
        (package / name).write_bytes(b"".join(lines[:-1]))


def of_another_origin(package: Path) -> None:
    """A true signature of the same name's other key over the same root in another's name."""
    key, lines = Ed25519PrivateKey.generate(), (package / "checkpoint").read_text().split("\n")
    text = "\n".join(["elsewhere", *lines[1:3], ""])
    (package / "checkpoint").write_text(note.sign(text, "elsewhere", key))
    with (package / "vkey").open("a") as file:
        file.write(note.verifier_of("elsewhere", key).text + "\n")


def unsigned(package: Path) -> None:
    lines = (package / "checkpoint").read_text().split("\n")
    text = "\n".join(lines[:3]) + "\n"
    (package / "checkpoint").write_text(note.sign(text, "elsewhere", Ed25519PrivateKey.generate()))


def rewritten(**changes: object) -> Alter:
    def alter(package: Path) -> None:
        manifest = json.loads((package / "package.json").read_text())
        (package / "package.json").write_text(json.dumps(manifest | changes))

    return alter


def column_altered(package: Path) -> None:
    lines = (package / "events.csv").read_bytes().splitlines(keepends=True)
    lines[7] = lines[7].replace(b",access.team,", b",access.user,")
    (package / "events.csv").write_bytes(b"".join(lines))


ALTERATIONS: list[tuple[str, Alter, str]] = [
    ("range", without_line("events.jsonl"), "Line 7 (leaf"),
    ("proofs", without_line("events.jsonl"), "Line 7 (leaf"),
    ("table", without_line("events.csv"), "Line 6 (leaf"),
    ("proofs", without_line("proofs.txt"), "Line 7 (leaf"),
    ("range", swapped_lines("events.jsonl"), "Line 7 (leaf"),
    ("range", swapped_leaves, "Line 8 (leaf"),
    ("range", forged_leaf, "do not give the root that was signed"),
    ("proofs", swapped_lines("events.jsonl", "proofs.txt"), "Line 8 (leaf"),
    ("table", swapped_lines("events.csv"), "Line 6 (leaf"),
    ("table", column_altered, "Line 7 (leaf"),
    ("range", cut("events.jsonl"), "is not the event that was sealed there"),
    ("range", cut("hashes.bin", 640), "Line 21 (leaf"),
    ("range", cut("hashes.bin", 650), "Line 21 (leaf"),
    ("proofs", cut("proofs.txt"), "Line "),
    ("proofs", last_line_lost, "names 41 events and holds 40"),
    ("range", cut("checkpoint"), "The checkpoint cannot be read"),
    ("range", cut("vkey"), "public key"),
    ("range", cut("vkey", 0), "no known key signed it"),
    ("range", cut("proof.json"), "cannot be read"),
    ("range", cut("package.json"), "cannot be read"),
    *[("range", without(name), f"The file {name} is missing") for name in (*SIGNED[:-1], "hashes.bin", "events.jsonl")],
    ("proofs", without("proofs.txt"), "The file proofs.txt is missing"),
    ("range", of_another_origin, "not of the tree that is named"),
    ("range", unsigned, "no known key signed it"),
    ("range", rewritten(first_leaf=1), "proof holds more parts"),
    ("range", rewritten(first_leaf=-1), "proof holds more parts"),
    ("range", rewritten(tree_size=10**6), "not of the tree that is named"),
    ("range", rewritten(events=40), "names 40 events and holds 41"),
    ("range", rewritten(form="other"), "a form that this program does not know"),
    ("range", rewritten(form="proofs"), "The file proofs.txt is missing"),
    ("range", rewritten(previous_size=1), "previous checkpoint"),
    *[(kind, rewritten(purpose="another"), "package.json is not the one that was signed") for kind in KINDS],
    ("range", rewritten(filters={"actor": "user:1"}), "package.json is not the one that was signed"),
    ("range", signed_by_another, "no known key signed it"),
    ("range", cut("package.sig"), "signature of package.json cannot be read"),
]


@pytest.mark.parametrize(("kind", "alter", "sentence"), ALTERATIONS)
def test_every_alteration_is_refused(
    exports: dict[str, Path], kind: str, alter: Alter, sentence: str, tmp_path: Path
) -> None:
    package = Path(shutil.copytree(exports[kind], tmp_path / "package"))

    alter(package)

    assert sentence in verify.check(package).faults[0]


def test_a_package_whose_own_statement_is_not_signed_is_not_called_verified(package: Path) -> None:
    (package / "package.sig").unlink()

    found = verify.check(package)

    assert (found.faults, len(found.unchecked), verify.main([str(package)])) == ([], 1, 2)
    assert "package.json is not signed" in found.unchecked[0]


def test_a_damaged_archive_is_refused(exports: dict[str, Path], tmp_path: Path) -> None:
    whole = exports["range"].with_suffix(".zip").read_bytes()
    chance, broken = Random(1), tmp_path / "broken.zip"

    for size in (0, 100, len(whole) // 2, len(whole) - 10):
        broken.write_bytes(whole[:size])
        assert verify.check(broken).faults
    for name in (*CONTENT["range"], *SIGNED, "package.json"):
        start = whole.index(name.encode()) + 60  # inside what is compressed
        broken.write_bytes(flipped(whole, start, chance.randrange(8)))
        assert verify.check(broken).faults


def test_keys_and_checkpoints_that_were_got_elsewhere_decide(exports: dict[str, Path]) -> None:
    package = exports["range"]
    earlier = (package / "previous-checkpoint").read_text()
    foreign = note.verifier_of("whiteslip/audit", Ed25519PrivateKey.generate()).text

    assert verify.check(package, (package / "vkey").read_text(), earlier).faults == []
    assert "no known key signed it" in verify.check(package, foreign).faults[0]
    key = Ed25519PrivateKey.generate()
    other = note.sign("\n".join([*earlier.split("\n")[:2], "A" * 43 + "=", ""]), "other", key)
    both = (package / "vkey").read_text() + note.verifier_of("other", key).text
    assert "is not proven here" in verify.check(package, both, other).faults[0]


def test_without_pyarrow_a_table_is_not_called_verified(
    exports: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = verify.Result()
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)

    verify.check_parquet(content.Package(exports["range"]), 0, found)

    assert found.unchecked == ["The leaves were checked, but not the columns of events.parquet: pip install pyarrow."]
