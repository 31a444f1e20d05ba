"""Months leave the database for files that prove them, and whatever is altered on the way or afterwards is found."""

import datetime as dt
import hashlib
import json
import multiprocessing
import resource
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import verify
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import retirement, sealing
from apps.audit.domain.retirement import Month, Places, places
from apps.audit.models import Change, Operation
from apps.audit.queries import keys as kept
from apps.audit.queries import retirement as queries
from apps.audit.queries import trail, verification
from apps.core.domain.refusal import Refused
from tests import databases
from tests.audit.conftest import AT, BY
from tests.audit.test_continuing import go_on
from tests.audit.test_tampering import power
from tests.factories import access

JANUARY, FEBRUARY = Month(dt.date(2018, 1, 1)), Month(dt.date(2018, 2, 1))
MARCH = dt.date(2018, 3, 1)
TEAMS = 30


def add_teams(first: int, *moments: dt.datetime) -> None:
    """An operation whose events were recorded at these moments, by turns; now where there is none."""
    with audit.operation("teams.add", by=BY, at=AT) as op:
        Team.objects.bulk_create([Team(code=f"t{n}", name=f"Team {n}") for n in range(first, first + TEAMS)])
    assert op.seq is not None
    with power() as superuser:
        for n, moment in enumerate(moments):
            changes = (
                f"update audit.change set recorded_at = %s where op_seq = %s and (seq + {n}) %% {len(moments)} = 0"
            )
            superuser.execute(changes, (moment, op.seq))
            superuser.execute("update audit.operation set recorded_at = %s where seq = %s", (moment, op.seq))
            superuser.execute(
                "update audit.personal set recorded_at = %s where change_seq in"
                " (select seq from audit.change where op_seq = %s)", (moment, op.seq),
            )  # fmt: skip
    guard()


def guard() -> None:
    """All guards on again."""
    with power() as superuser:
        for (part,) in superuser.execute(
            "select oid::regclass from pg_class where relnamespace = 'audit'::regnamespace and relkind in ('r', 'p')"
        ).fetchall():
            superuser.execute(f"alter table {part} enable always trigger audit_append_only")


@pytest.fixture
def old_book(sealed_book: str) -> str:
    """A sealed book with events of two months of 2018, one operation on both sides of their border, and new ones."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("select audit.ensure_partitions('2018-01-01', '2018-02-01')")
    day = dt.timedelta(1)
    for number, moments in enumerate(
        ((JANUARY.start + day,), (JANUARY.end - day, FEBRUARY.start), (FEBRUARY.end - day,), ())
    ):
        add_teams(number * TEAMS, *moments)
        sealing.seal(by=BY, at=AT)
    return sealed_book


def retire(folder: Path, before: dt.date = MARCH) -> list[retirement.Left]:
    left = retirement.retire(
        before=before, folder=folder, reason="Seven years are over.", progress=lambda *_: None, by=BY, at=AT
    )
    return list(left)


def faults(folder: Path | None = None) -> set[str]:
    return {fault.code for fault in verification.verify(folder=folder).faults}


def test_months_leave_for_files_and_everything_still_verifies(old_book: str, tmp_path: Path) -> None:
    before = trail.status(AT)
    cold = tmp_path / "cold"
    assert retirement.planned(before=MARCH, by=BY, at=AT)[0].events == TEAMS + 1 + TEAMS // 2
    assert before["events"] == before["sealed"] == trail.status(AT)["events"]

    january, february = retire(cold)
    sealing.seal(by=BY, at=AT)

    assert (january.events, february.events) == (TEAMS + 1 + TEAMS // 2, TEAMS + 2 + TEAMS // 2)
    assert [path.name for path in sorted(cold.iterdir())] == [*january.files, *february.files]
    assert [verify.check(path).faults for path in sorted(cold.iterdir())] == [[], []]
    assert not Change.objects.filter(recorded_at__lt=FEBRUARY.end).exists()
    after = trail.status(AT)
    assert after["events"] + after["retired"] == after["sealed"]
    assert (faults(), faults(cold)) == (set(), set())
    noted = Operation.objects.filter(action="trail.retire", decision="allow").order_by("seq")
    detail = json.loads(noted[0].detail)
    assert (noted[0].object_id, noted[0].reason) == ("2018-01", "Seven years are over.")
    assert detail["events"] == january.events
    assert detail["files"][0]["sha256"] == hashlib.sha256((cold / january.files[0]).read_bytes()).hexdigest()
    assert retire(cold) == []


def test_whoever_looks_into_a_month_that_left_is_told(old_book: str, tmp_path: Path) -> None:
    otto = Client()
    with audit.operation("test.arrange", by=BY, at=AT):
        otto.force_login(access.person("otto"))
    retire(tmp_path / "cold")

    pages = {
        address: "2018-01 to 2018-02 left the database" in otto.get(address).content.decode()
        for address in ("/audit/", "/audit/?recorded_from=2019-01-01", "/audit/access.team/1/", "/audit/people/user:1/")
    }

    assert list(pages.values()) == [True, False, True, True]
    assert "trail-2018-02-1.zip" in otto.get("/audit/?recorded_from=2018-02-01").content.decode()
    assert "2018-01 to 2018-02" in otto.get("/audit/book/").content.decode()
    assert otto.get("/api/audit/verifications/standing/").json()["retired"] == trail.status(AT)["retired"]
    months = otto.get("/api/audit/retired/").json()
    assert [month["month"] for month in months] == ["2018-01", "2018-02"]


def test_a_period_that_left_is_exported_with_its_files_alone(
    old_book: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cold = tmp_path / "cold"
    days = ("--from", "2018-01-10", "--to", "2026-12-31")
    call_command("audit_export", *days, str(tmp_path / "before.zip"))
    retire(cold)

    for words in ((), ("--cold", str(cold), "--actor", "system:test")):
        with pytest.raises(CommandError, match=r"2018-01 left the database: they are in trail-2018-01-1\.zip"):
            call_command("audit_export", *days, *words, str(tmp_path / "refused.zip"))
    call_command("audit_export", *days, "--cold", str(cold), str(tmp_path / "after.zip"))
    new = ("--from", "2019-01-01", "--to", "2026-12-31", "--actor", "system:test")
    call_command("audit_export", *new, str(tmp_path / "new.zip"))

    for name in ("before", "after", "new"):
        assert verify.check(tmp_path / f"{name}.zip").faults == []
    before, after = (zipfile.ZipFile(tmp_path / f"{name}.zip").read("events.jsonl") for name in ("before", "after"))
    assert after.startswith(before)


def test_months_of_an_earlier_tree_leave_too(old_book: str, tmp_path: Path) -> None:
    cold = tmp_path / "cold"
    kept.path().unlink()
    go_on(new_key=True)
    add_teams(500, FEBRUARY.end - dt.timedelta(2))
    sealing.seal(by=BY, at=AT)

    january, february = retire(cold)
    sealing.seal(by=BY, at=AT)

    assert list(january.files) == ["trail-2018-01-1.zip"]
    assert list(february.files) == ["trail-2018-02-1.zip", "trail-2018-02-2.zip"]
    assert (faults(), faults(cold)) == (set(), set())
    assert trail.status(AT)["retired"] == january.events + february.events


def test_what_is_done_to_a_cold_file_is_found_and_its_leaf_named(old_book: str, tmp_path: Path) -> None:
    cold = tmp_path / "cold"
    retire(cold)
    path = cold / "trail-2018-01-1.zip"
    whole = path.read_bytes()
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name) for name in package.namelist()}

    def rewritten(**changes: bytes) -> None:
        with zipfile.ZipFile(path, "w") as package:
            for name, data in content.items():
                package.writestr(name, changes.get(name.partition(".")[0], data))

    first = json.loads(content["package.json"])["first_leaf"]
    rewritten(events=content["events.jsonl"].replace(b"Team 7", b"Gang 7"))
    (fault,) = verification.verify(folder=cold).faults
    assert (fault.code, f"Leaf {first + 7} " in fault.sentence or f"Leaf {first + 8} " in fault.sentence) == (
        "cold_altered", True,
    )  # fmt: skip
    rewritten(events=b"".join(content["events.jsonl"].splitlines(keepends=True)[:-3]))
    assert faults(cold) == {"cold_altered"}
    rewritten(README=b"Nothing")
    assert faults(cold) == {"cold_altered"}
    path.write_bytes(whole[: len(whole) // 2])
    assert faults(cold) == {"cold_altered"}
    path.unlink()
    assert faults(cold) == {"cold_missing"}
    path.write_bytes(whole)
    assert faults(cold) == set()


def test_what_the_database_says_of_retired_months_is_not_believed_by_itself(old_book: str, tmp_path: Path) -> None:
    retire(tmp_path / "cold", before=FEBRUARY.first_date)
    ((seq,),) = Change.objects.filter(recorded_at__lt=FEBRUARY.end).order_by("-seq").values_list("seq")[:1]

    with power() as superuser:
        superuser.execute("delete from audit.change where seq = %s", [seq])  # hidden behind what left
        superuser.execute("update audit.retired set leaves = leaves + int8multirange(int8range(0, 1000000))")
    guard()

    assert "retirement_unnamed" in faults()


def test_what_is_written_into_a_month_that_left_is_found(old_book: str, tmp_path: Path) -> None:
    ((seq,),) = Change.objects.filter(recorded_at__lt=FEBRUARY.start).order_by("seq").values_list("seq")[:1]
    with power() as superuser:
        superuser.execute("create table public.kept as select * from audit.change where seq = %s", [seq])
    guard()
    retire(tmp_path / "cold")

    with power() as superuser:
        superuser.execute("insert into audit.change select * from public.kept; drop table public.kept")
    guard()

    assert faults() == {"event_slipped_in", "change_without_envelope"}


def test_what_may_not_leave_is_refused(old_book: str, tmp_path: Path) -> None:
    cold = tmp_path / "cold"
    with pytest.raises(Refused, match=r"^20\d\d-\d\d must be kept until .*-01 \(RETENTION_YEARS, trail: 7 years\)"):
        retire(cold, before=dt.date(2100, 1, 1))
    with pytest.raises(Refused, match="Say why"):
        call_command("audit_retire", "--before", "2018-03", "--cold", str(cold))
    with power() as superuser:
        superuser.execute(
            "insert into audit.change select nextval('audit.seq'), xid, v, kind, recorded_at, op_seq, object_type,"
            " object_id, diff, db_role from audit.change where recorded_at < '2018-01-20' limit 1"
        )
    with pytest.raises(Refused, match="is not as it was sealed"):
        retire(cold)
    assert queries.months("owner")[:2] == [JANUARY, FEBRUARY]


def test_a_month_that_is_not_sealed_stays(old_book: str, tmp_path: Path) -> None:
    add_teams(900, JANUARY.start)
    from django.conf import settings

    Path(settings.AUDIT_KEY_FILE).unlink()

    with pytest.raises(Refused, match="sealed until 2018-01-01.* only: The key that signs the trail is lost"):
        retire(tmp_path / "cold")
    assert queries.months("owner")[:2] == [JANUARY, FEBRUARY]


def test_a_full_disk_leaves_everything_where_it_is(old_book: str, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, before[1]))
    try:
        with pytest.raises(Refused, match="cannot be written: File too large"):
            retire(tmp_path / "cold")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert list((tmp_path / "cold").iterdir()) == []
    assert queries.months("owner")[:2] == [JANUARY, FEBRUARY]
    assert len(retire(tmp_path / "cold")) == 2


@contextmanager
def locked(statement: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    database = connections["default"].settings_dict
    with psycopg.connect(host=database["HOST"], user="postgres", dbname=database["NAME"]) as other:
        other.execute(statement)
        yield other


WAITS = (
    "select count(*) from pg_locks where not granted"
    " and database = (select oid from pg_database where datname = current_database())"
)
KILLS = {
    "while a file is written": ("lock table audit.operation in access share mode", True),
    "before the month leaves": ("lock table audit.operation in access share mode", False),
    "after its partitions are dropped": ("lock table audit.retired in share mode", False),
}


def retire_in(database: str, folder: Path) -> None:
    with databases.pointed_to(database):
        retire(folder)


@pytest.mark.parametrize(("lock", "early"), KILLS.values(), ids=KILLS)
def test_a_kill_anywhere_is_gone_on_from(old_book: str, tmp_path: Path, lock: str, early: bool) -> None:
    cold, before = tmp_path / "cold", trail.status(AT)["sealed"]
    connections.close_all()
    fork = multiprocessing.get_context("fork")

    with locked(lock) as other:
        process = fork.Process(target=retire_in, args=(old_book, cold))
        process.start()
        deadline = time.monotonic() + 20
        while other.execute(WAITS).fetchall() == [(0,)] and not (early and list(cold.glob(".*"))):
            assert process.is_alive()
            assert time.monotonic() < deadline
        process.kill()
        process.join()

    assert list(cold.glob(".*")) if early else len(list(cold.iterdir())) == 1
    assert queries.months("owner")[:2] == [JANUARY, FEBRUARY]
    assert not Operation.objects.filter(action="trail.retire").exists()
    left = retire(cold)
    sealing.seal(by=BY, at=AT)
    status = trail.status(AT)
    assert sum(month.events for month in left) == status["retired"]
    assert status["events"] + status["retired"] == status["sealed"] > before
    assert faults(cold) == set()
    assert [path.name for path in sorted(cold.iterdir())] == [name for month in left for name in month.files]


def test_leaves_as_runs() -> None:
    found = places([3, 4, 5, 9])

    assert found == Places(((3, 6), (9, 10)))
    assert (found.text, len(found)) == ("{[3,6),[9,10)}", 4)
    assert [leaf for leaf in range(12) if leaf in found] == [3, 4, 5, 9]
    assert list(found.others(0, 6)) == [0, 1, 2]
    assert list(found.others(6, 9)) == [6, 7, 8]
