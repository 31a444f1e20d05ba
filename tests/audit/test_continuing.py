"""After a restore, or without its key, the trail goes on by an operator's decision, and leaves nothing out."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connections

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import continuing, keys, renewal, sealing
from apps.audit.domain import note
from apps.audit.domain.note import Checkpoint, Unreadable
from apps.audit.queries import anchors, seal_faults, seals, trail
from apps.audit.queries import keys as kept
from apps.core.domain.refusal import Refused
from config.embedded import paths, services
from config.embedded.postgres import Postgres
from tests import databases
from tests.audit.conftest import AT, BY
from tests.databases import Databases

OTHER = "other"  # another cluster, whose transactions are counted from below


def add_teams(first: int, count: int = 1) -> None:
    with audit.operation("teams.add", by=BY, at=AT):
        Team.objects.bulk_create([Team(code=f"t{n}", name=f"Team {n}") for n in range(first, first + count)])


def seal() -> sealing.Sealed:
    return sealing.seal(by=BY, at=AT)


def go_on(*, new_origin: bool = False, new_key: bool = False) -> continuing.Continued:
    return continuing.go_on(new_origin=new_origin, new_key=new_key, reason="The disk broke.", by=BY, at=AT)


def whole() -> None:
    status = trail.status(AT)
    assert status["events"] == status["sealed"]
    assert seal_faults.faults("auditor") == []


@contextmanager
def restored_elsewhere(name: str) -> Iterator[None]:
    """The database as pg_dump and psql bring it into another cluster; its transactions are counted from below there."""
    here, there = str(paths.runtime_dir(databases.SERVERS)), str(paths.runtime_dir(OTHER))
    programs = Postgres(paths.home(OTHER), paths.runtime_dir(OTHER)).bin
    services.hold(OTHER, fast=True)

    def run(program: str, host: str, *words: str, told: bytes = b"") -> bytes:
        line = [str(programs / program), "-h", host, "-U", "postgres", *words, name]
        return subprocess.run(line, input=told, check=True, capture_output=True).stdout

    dump = run("pg_dump", here)
    run("createdb", there, "-O", "whiteslip_owner")
    run("psql", there, "-q", "-1", "-v", "ON_ERROR_STOP=1", told=dump)
    before = {alias: settings.DATABASES[alias]["HOST"] for alias in databases.ALIASES}
    connections.close_all()
    try:
        for alias in databases.ALIASES:
            connections[alias].settings_dict["HOST"] = there
        yield
    finally:
        for alias, host in before.items():
            connections[alias].close()
            connections[alias].settings_dict["HOST"] = host
        run("dropdb", there)
        services.leave(OTHER)


def test_a_restore_into_another_cluster_leaves_no_event_out(sealed_book: str, database_server: Databases) -> None:
    if not database_server.embedded:
        pytest.skip("needs a second cluster, which only the embedded server can make")
    add_teams(0, 300)
    sealed = seal().size
    add_teams(300, 5)  # never sealed where they were written
    connections.close_all()

    with restored_elsewhere(sealed_book):
        add_teams(400, 50)
        end = seals.last("default")
        assert end is not None
        assert seals.next_transaction(end.high, 0, "default")[2] < end.high  # the trap: a new event looks sealed
        with pytest.raises(Refused, match="audit_continue"):
            seal()

        done = go_on()
        add_teams(500, 50)
        seal()

        assert (done.events, done.size) == (6 + 51, sealed + 6 + 51 + 1)
        assert [done.origin] == seals.origins("default")
        whole()
        with pytest.raises(Refused, match="goes on by itself"):
            go_on()


def test_a_book_of_an_earlier_day_begins_anew_and_names_what_was_published(
    sealed_book: str, database_server: Databases, tmp_path: Path
) -> None:
    add_teams(0)
    seal()
    connections.close_all()
    earlier = f"{sealed_book}_earlier"
    replace(database_server, template=sealed_book).clone(earlier)
    add_teams(1)
    published = seal().size
    old, last = seals.origin("default"), anchors.notes()[-1]
    connections.close_all()

    with databases.pointed_to(earlier):
        add_teams(2)
        with pytest.raises(Refused, match="Only a new origin can"):
            go_on()
        done = go_on(new_origin=True)
        add_teams(3)
        seal()

        assert seals.origins("default") == [old, done.origin]
        first = seals.first_detail("default")
        assert (first["old"]["origin"], first["old"]["size"]) == (old, published)
        assert first["old"]["root"] == note.checkpoint(note.split(last)[0]).root.hex()
        whole()
        with pytest.raises(CommandError, match="is in another one"):  # rather than to leave the old tree's events out
            call_command("audit_export", "--from", "2026-01-01", "--to", "2026-11-01", str(tmp_path / "book.zip"))
        with connections["owner"].cursor() as cursor:
            cursor.execute("alter table audit.book disable trigger all; update audit.book set old_size = 1")
        assert {fault.code for fault in seal_faults.faults("auditor")} == {"origin_unnamed", "tree_cut"}
    database_server.drop(earlier)


def test_a_lost_key_is_replaced_by_one_that_signs_a_new_tree_alone(sealed_book: str) -> None:
    add_teams(0)
    seal()
    lost = kept.private()
    kept.path().unlink()
    with pytest.raises(Refused, match="is lost"):
        go_on(new_origin=True)

    done = go_on(new_key=True)
    add_teams(1)
    seal()

    whole()
    forged = note.sign(Checkpoint(done.origin, 1, bytes(32)).text, kept.name(), lost)
    with pytest.raises(Unreadable, match="was retired"):
        kept.opened(forged, seals.origins("default"))


def test_a_renewed_key_is_vouched_for_by_the_old_one(sealed_book: str) -> None:
    add_teams(0)
    seal()
    old = kept.path().read_bytes()
    _, prepared = keys.prepare(by=BY, at=AT)  # as an attempt leaves it that was cut off

    renewed = renewal.renew(reason="Every year.", by=BY, at=AT)
    add_teams(1)
    seal()

    assert renewed.verifier == prepared == kept.verifiers()[-1]
    handed_over = dict(seals.checkpoints("default"))[renewed.size]
    assert [name for name, _ in note.split(handed_over)[1]] == [kept.name(), kept.name()]
    whole()
    kept.path().write_bytes(old)
    add_teams(2)
    with pytest.raises(Refused, match="is retired: the one in force is"):
        seal()


def test_a_key_that_nobody_knows_signs_nothing(sealed_book: str) -> None:
    add_teams(0)
    seal()
    kept.path().unlink()
    keys.prepare(by=BY, at=AT)
    kept.next_path().rename(kept.path())
    add_teams(1)

    with pytest.raises(Refused, match="is not among the known ones"):
        seal()


def test_an_attempt_to_go_on_where_nothing_is_wrong_is_refused_and_kept(sealed_book: str) -> None:
    with pytest.raises(Refused, match="nothing to continue"):
        go_on()
    add_teams(0)
    seal()
    with pytest.raises(Refused, match="Say why"):
        continuing.go_on(reason=" ", by=BY, at=AT)
    with pytest.raises(Refused, match="goes on by itself"):
        go_on()


def test_a_clock_that_jumps_back_changes_nothing(sealed_book: str) -> None:
    add_teams(0)
    seal()
    add_teams(1)

    sealing.seal(by=BY, at=AT.replace(year=2025))

    whole()
