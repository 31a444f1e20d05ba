"""Whoever rules the database alters what is sealed, in every way we know; each is found and named."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import verify
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.utils import timezone

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import sealing
from apps.audit.domain import merkle, note
from apps.audit.domain.fault import Fault
from apps.audit.models import Operation
from apps.audit.queries import anchors, keys, leaves, seal_faults, seals, verification
from tests.audit.conftest import BY

Superuser = psycopg.Connection[tuple[object, ...]]
EVENTS = 2_000
DAY = dt.timedelta(1)
PARTS = "select oid::regclass from pg_class where relnamespace = 'audit'::regnamespace and relkind in ('r', 'p')"


def change_something(first: int, count: int) -> None:
    with audit.operation("teams.add", by=BY, at=timezone.now()):
        Team.objects.bulk_create([Team(code=f"t{n}", name=f"Team {n}") for n in range(first, first + count)])


def seal() -> None:
    sealing.seal(by=BY, at=timezone.now())


@pytest.fixture
def superuser(sealed_book: str) -> Iterator[Superuser]:
    """A sealed trail of 2,000 events in several batches, with all guards off."""
    for first in range(0, EVENTS, 500):
        change_something(first, 499)
        seal()
    with power() as superuser:
        yield superuser


@contextmanager
def power() -> Iterator[Superuser]:
    """A superuser's connection, with all guards off."""
    database = connections["default"].settings_dict
    with psycopg.connect(host=database["HOST"], user="postgres", dbname=database["NAME"], autocommit=True) as superuser:
        for (part,) in superuser.execute(PARTS).fetchall():
            superuser.execute(f"alter table {part} disable trigger user")
        yield superuser


def an_event(superuser: Superuser, offset: int = 700) -> int:
    ((seq,),) = superuser.execute("select seq from audit.change order by seq offset %s limit 1", [offset]).fetchall()
    assert isinstance(seq, int)
    return seq


def edit_a_value(superuser: Superuser) -> str:
    seq = an_event(superuser)
    superuser.execute("update audit.change set diff = replace(diff, 'Team', 'Gang') where seq = %s", [seq])
    return f"Event {seq} "


def change_an_actor(superuser: Superuser) -> str:
    ((seq,),) = superuser.execute("select max(seq) from audit.operation where action = 'teams.add'").fetchall()
    superuser.execute("update audit.operation set actor = 'user:1' where seq = %s", [seq])
    return f"Event {seq} "


def delete_an_event(superuser: Superuser) -> str:
    superuser.execute("delete from audit.change where seq = %s", [an_event(superuser)])
    return "its event is gone"


def swap_two_payloads(superuser: Superuser) -> str:
    first, second = an_event(superuser), an_event(superuser, 701)
    superuser.execute(
        "update audit.change c set diff = o.diff from audit.change o where (c.seq, o.seq) in ((%s, %s), (%s, %s))",
        [first, second, second, first],
    )
    return f"Event {second} "


def slip_one_in(superuser: Superuser) -> str:
    superuser.execute(
        "insert into audit.change select nextval('audit.seq'), xid, v, kind, recorded_at, op_seq, object_type,"
        " object_id, diff, db_role from audit.change where seq = %s",
        [an_event(superuser)],
    )
    return "after it was sealed"


def cut_the_tail(superuser: Superuser) -> str:
    last = seals.last("default")
    assert last is not None
    for table in ("operation", "change"):
        superuser.execute(f"delete from audit.{table} where xid::text::bigint >= %s", [last.low])
    superuser.execute("delete from audit.batch where number = %s", [last.number])
    superuser.execute("delete from audit.checkpoint where size = %s", [last.size])
    superuser.execute("delete from audit.node where index >= %s", [last.first_leaf // 256])
    return f"A published checkpoint says {last.size} events; the tree has fewer"


def lower_a_count(superuser: Superuser) -> str:
    superuser.execute("delete from audit.change where seq = %s", [an_event(superuser)])
    superuser.execute("update audit.batch set leaves = leaves - 1, hashes = substring(hashes from 33) where number = 2")
    return "The root of batch 2 "


def flip_a_node(superuser: Superuser) -> str:
    superuser.execute(
        "update audit.node set root = set_bit(root, 5, 1 - get_bit(root, 5)) where (level, index) = (1, 3)"
    )
    return "Node 3 on level 1 "


def rewrite_everything(superuser: Superuser) -> str:
    """Alter an event, seal everything again and sign it with the true key; the database then agrees with itself."""
    edit_a_value(superuser)
    for table in ("batch", "node", "checkpoint"):
        superuser.execute(f"delete from audit.{table}")
    kept = anchors.path().read_text()
    anchors.path().unlink()
    seal()
    anchors.path().write_text(kept)
    return "signed over another tree"


DRILLS = [
    (edit_a_value, "sealed_event_altered"),
    (change_an_actor, "sealed_event_altered"),
    (delete_an_event, "sealed_event_missing"),
    (swap_two_payloads, "sealed_event_altered"),
    (slip_one_in, "event_slipped_in"),
    (cut_the_tail, "tree_cut"),
    (lower_a_count, "batch_root"),
    (flip_a_node, "node"),
    (rewrite_everything, "tree_rewritten"),
]


@pytest.mark.parametrize(("drill", "code"), DRILLS, ids=[drill.__name__ for drill, _ in DRILLS])
def test_every_tampering_is_found_and_named(superuser: Superuser, drill: Callable[[Superuser], str], code: str) -> None:
    assert faults() == []

    named = drill(superuser)

    found = [fault for fault in faults() if fault.code == code]
    assert found
    assert any(named in fault.sentence for fault in found), found


def faults() -> list[Fault]:
    return seal_faults.faults("auditor")


def test_an_untouched_trail_is_whole(sealed_book: str) -> None:
    change_something(0, 10)
    seal()

    assert verification.verify().faults == []


def test_another_key_is_not_believed(superuser: Superuser) -> None:
    keys.public_path().write_text("")

    assert {fault.code for fault in faults()} == {"signature"}


def test_a_checkpoint_of_another_book_is_named(superuser: Superuser) -> None:
    head = note.Checkpoint("elsewhere.example/audit", 1, merkle.EMPTY)
    text = note.sign(head.text, settings.AUDIT_ORIGIN, keys.private())
    superuser.execute("insert into audit.checkpoint values (1, %s, now())", [text])

    assert {fault.code for fault in faults()} == {"checkpoint_of_another_book"}


def test_an_altered_trail_is_not_exported(superuser: Superuser, tmp_path: Path) -> None:
    seq, today = an_event(superuser), str(timezone.localdate(timezone=timezone.get_default_timezone()))
    edit_a_value(superuser)

    with pytest.raises(CommandError, match=f"Event {seq} is not as it was sealed"):
        call_command("audit_export", "--from", "2026-01-01", "--to", today, str(tmp_path / "book.zip"))

    ended = Operation.objects.get(action="export.done")
    assert (ended.decision, "not as it was sealed" in ended.detail) == ("error", True)
    assert not (tmp_path / "book.zip").exists()


def test_since_a_day_what_was_sealed_afterwards_is_looked_at_and_the_rest_is_believed(sealed_book: str) -> None:
    day = timezone.now()
    for number, moment in enumerate((day - DAY, day + DAY)):
        change_something(number * 500, 500)
        sealing.seal(by=BY, at=moment)
    assert seal_faults.faults("auditor", since=day) == []
    numbers = [number for (number,) in seals.rows("default", "select number from audit.batch order by number")]
    teams = [seq for number in numbers for seq in teams_of(number)]
    early, late = teams[0], teams[-1]

    for seq, found in ((early, []), (late, ["sealed_event_altered"])):
        with power() as superuser:
            superuser.execute("update audit.change set diff = replace(diff, 'Team', 'Gang') where seq = %s", [seq])
        assert [fault.code for fault in seal_faults.faults("auditor", since=day)] == found
    assert len(faults()) == 2


def teams_of(number: int) -> list[int]:
    """The changes of teams in a batch."""
    with transaction.atomic():
        (batch,) = seals.batches("default", first=number, last=number)
        events = list(seals.events_of(batch, "default"))
    return [seq for seq, _, leaf in events if '"Team ' in leaf and '"type":"change"' in leaf]


def test_a_large_transaction_is_looked_at_without_being_held_in_memory(
    superuser: Superuser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaves, "GROUP", 100)  # its batches of 500 are large then
    monkeypatch.setattr(seals, "AT_ONCE", 64)
    today = str(timezone.localdate(timezone=timezone.get_default_timezone()))
    assert faults() == []
    call_command("audit_export", "--from", "2026-01-01", "--to", today, str(tmp_path / "book.zip"))
    assert verify.check(tmp_path / "book.zip").faults == []

    named = [edit_a_value(superuser), slip_one_in(superuser)]

    found = [fault.sentence for fault in faults()]
    assert all(any(name in sentence for sentence in found) for name in named), found
