"""An export is what an outsider can verify, with our verifier and with another."""

import csv
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import verify
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import sealing
from apps.audit.models import Change, Operation
from apps.audit.queries import keys, seals
from apps.core.domain.actor import System
from tests.audit.conftest import AT, BY

GO = Path("/usr/share/gocode")


def export(out: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    call_command("audit_export", "--from", "2026-01-01", "--to", str(today), *words, "--json", str(out))
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def add_teams(count: int, *, action: str = "teams.add", by: str = "test") -> None:
    first = Team.objects.count()
    with audit.operation(action, by=System(by), at=AT):
        Team.objects.bulk_create([Team(code=f"t-{first + n}", name=f"=Team {n}") for n in range(count)])


def leaves_of(package: Path, kind: str) -> list[str]:
    with zipfile.ZipFile(package) as content:
        if kind == "parquet":
            with content.open("events.parquet") as file:
                return [str(leaf) for leaf in pq.read_table(file).column("leaf").to_pylist()]
        lines = content.read(f"events.{kind}").decode().splitlines()
    return [row["leaf"] for row in csv.DictReader(lines)] if kind == "csv" else lines


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_a_period_is_exported_whole_and_is_two_operations(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    add_teams(600)
    sealing.seal(by=BY, at=AT)
    add_teams(5_400)
    out = tmp_path / "book.zip"

    made = export(out, "--format", kind, "--purpose", "Yearly audit", capsys=capsys)

    assert (made["sha256"], made["bytes"]) == (hashlib.sha256(out.read_bytes()).hexdigest(), out.stat().st_size)
    assert [int(json.loads(leaf)["seq"]) for leaf in leaves_of(out, kind)] == sorted(numbers())
    assert verify.check(out) == verify.Result(made["events"], proven=verify.check(out).proven)
    assert "Nothing is missing between the leaves 0 and" in verify.check(out).proven[-1]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".zip") or path.name[0] == "."] == [out.name]
    begun, ended = Operation.objects.filter(action__startswith="export.").order_by("seq")
    assert (begun.reason, ended.action, ended.decision) == ("Yearly audit", "export.done", "allow")
    assert json.loads(ended.detail) == {
        "export": str(begun.seq), "rows": made["events"], "bytes": made["bytes"], "sha256": made["sha256"],
    }  # fmt: skip


def numbers() -> set[int]:
    """The events of the book, but for those of the export."""
    exported = Operation.objects.exclude(action__startswith="export.").values_list("seq", flat=True)
    return {*exported, *Change.objects.values_list("seq", flat=True)}


def test_a_filtered_export_holds_what_was_chosen_each_with_its_proof(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_teams(300)
    add_teams(2, action="teams.more", by="night")
    team = Team.objects.order_by("pk").first()
    assert team is not None
    with audit.operation("teams.rename", by=System("night"), at=AT):
        Team.objects.filter(pk=team.pk).update(name="Another")

    def found(*words: str) -> list[tuple[str, str]]:
        out = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        made = export(out, *words, capsys=capsys)
        assert (verify.check(out).faults, verify.check(out).events) == ([], made["events"])
        return [(leaf["type"], leaf.get("action") or leaf["kind"]) for leaf in map(json.loads, leaves_of(out, "jsonl"))]

    more, renamed = (
        [("operation", "teams.more")] + [("change", "I")] * 2,
        [("operation", "teams.rename"), ("change", "U")],
    )
    assert found("--action", "teams.more") == more
    assert found("--actor", "system:night") == more + renamed
    assert found("--object", f"access.team:{team.pk}") == [("change", "I"), ("change", "U")]
    assert found("--object", f"access.team:{team.pk}", "--actor", "system:night") == [("change", "U")]
    assert found("--action", "nothing.") == []


def test_the_package_verifies_itself_with_nothing_else_at_hand(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_teams(3)
    sealing.seal(by=BY, at=AT)
    (_, held), *_ = seals.checkpoints("default")
    (tmp_path / "held").write_text(held)
    (tmp_path / "public").write_text(keys.public_path().read_text())
    add_teams(40, action="teams.more")
    continued = ("--checkpoint", str(tmp_path / "held"))
    export(tmp_path / "book.zip", *continued, capsys=capsys)
    export(tmp_path / "some.zip", *continued, "--action", "teams.more", "--format", "csv", capsys=capsys)
    shutil.unpack_archive(tmp_path / "some.zip", tmp_path / "some")
    trust = ("--key", str(tmp_path / "public"), *continued)

    whole, some = (run(tmp_path, words) for words in (["book.zip", *trust], ["some/verify.py", *trust, "--json"]))

    assert (whole.returncode, whole.stdout.splitlines()[-1], whole.stderr) == (0, "VERIFIED.", "")
    assert "The checkpoint that you hold is one of this tree." in whole.stdout
    assert json.loads(some.stdout) == {"ok": True, "events": 41, "faults": [], "unchecked": []}
    table = tmp_path / "some" / "events.csv"
    table.write_bytes(table.read_bytes().replace(b"Team 7", b"Team 8"))
    broken = run(tmp_path, ["some/verify.py"])
    assert (broken.returncode, broken.stdout.splitlines()[-1]) == (1, "NOT VERIFIED.")
    assert broken.stdout.startswith("Line 9 (leaf ")  # one of the operation, then eight teams


def run(folder: Path, words: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")
@pytest.mark.skipif(not (GO / "src/golang.org/x/mod").is_dir(), reason="golang-golang-x-mod-dev is not installed")
def test_another_implementation_verifies_the_package(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_teams(3)
    sealing.seal(by=BY, at=AT)
    (_, held), *_ = seals.checkpoints("default")
    (tmp_path / "held").write_text(held)
    add_teams(300, action="teams.more")
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GO),
        "GOCACHE": str(tmp_path / "cache"),
        "GOFLAGS": "",
    }
    program = tmp_path / "outsider"
    source = Path(__file__).with_name("outsider.go")
    subprocess.run(["go", "build", "-o", program, source], env=environment, check=True)

    for number, words in enumerate(((), ("--action", "teams.more"))):
        made = export(tmp_path / f"{number}.zip", "--checkpoint", str(tmp_path / "held"), *words, capsys=capsys)
        folder = tmp_path / str(number)
        shutil.unpack_archive(tmp_path / f"{number}.zip", folder)
        assert (
            subprocess.run([program, folder], capture_output=True, text=True).stdout == f"verified {made['events']}\n"
        )
        lines = (folder / "events.jsonl").read_text()
        (folder / "events.jsonl").write_text(lines.replace("=Team 7", "=Team 8", 1))
        assert subprocess.run([program, folder], capture_output=True, check=False).returncode == 1


def test_what_cannot_be_exported_is_refused_with_a_sentence(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    taken = tmp_path / "book.zip"
    taken.write_text("mine")
    (tmp_path / "foreign").write_text("elsewhere\n3\n" + "A" * 43 + "=\n\n— elsewhere AAAAAAAA\n")
    today = str(timezone.localdate(timezone=timezone.get_default_timezone()))

    for words, sentence in {
        ("--from", today, "--to", today, str(taken)): "exists already",
        ("--from", today, "--to", today, str(tmp_path / "nowhere" / "book.zip")): "cannot be written: No such file",
        ("--from", "2026-02-02", "--to", "2026-02-01", str(tmp_path / "x")): "before the first",
        ("--from", "2999-01-01", "--to", "2999-01-02", str(tmp_path / "x")): "has not begun",
        ("--from", today, "--to", today, "--decision", "maybe", str(tmp_path / "x")): "decision: ",
        ("--from", today, "--to", today, "--checkpoint", str(tmp_path / "no"), str(tmp_path / "x")): "cannot be read",
    }.items():
        with pytest.raises(CommandError, match=sentence):
            call_command("audit_export", *words)
    assert not Operation.objects.filter(action__startswith="export.").exists()

    words = ("--from", today, "--to", today, "--checkpoint", str(tmp_path / "foreign"), str(tmp_path / "x"))
    with pytest.raises(CommandError, match="no known key signed"):
        call_command("audit_export", *words)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["anchors", "book.zip", "foreign", "keys"]
    assert taken.read_text() == "mine"


def test_what_is_not_sealed_is_exported_only_as_far_as_it_is(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    add_teams(3)
    sealed = sealing.seal(by=BY, at=AT)
    keys.path().unlink()
    add_teams(1)
    first = Operation.objects.latest("seq").recorded_at.strftime("%Y-%m-%dT%H:%M:%S")

    with pytest.raises(CommandError, match=f"sealed until {first}.* only: The key that signs the trail is lost"):
        export(tmp_path / "book.zip", capsys=capsys)

    assert export(tmp_path / "book.zip", "--sealed-part", capsys=capsys)["events"] == sealed.size
    assert verify.check(tmp_path / "book.zip").faults == []


@contextmanager
def room(size: int) -> Iterator[None]:
    """No file may grow beyond this size, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("kind", ["jsonl", "parquet"])
def test_a_full_disk_leaves_no_half_file_and_is_recorded(
    sealed_book: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, kind: str
) -> None:
    add_teams(2_000)
    sealing.seal(by=BY, at=AT)

    with room(20_000), pytest.raises(CommandError, match="cannot be written: File too large"):
        export(tmp_path / "book.zip", "--format", kind, capsys=capsys)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["anchors", "keys"]
    ended = Operation.objects.get(action="export.done")
    assert (ended.decision, json.loads(ended.detail)["failure"]) == (
        "error", "The export cannot be written: File too large.",
    )  # fmt: skip
