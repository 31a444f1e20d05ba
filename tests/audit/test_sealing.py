"""The sealer takes every committed event once, in order, and signs no tree but the one that grew."""

import contextlib
import datetime as dt
import multiprocessing
from dataclasses import replace
from pathlib import Path
from random import Random

import psycopg
import pytest
from django.db import connections, transaction
from pytest_django import Settings

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import sealing
from apps.audit.domain import merkle, note
from apps.audit.queries import anchors, keys, seal_faults, seals, trail
from apps.core.domain.actor import System
from apps.core.domain.refusal import Refused
from tests import databases
from tests.databases import Databases

BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)


def add_teams(first: int, count: int = 1) -> None:
    with audit.operation("teams.add", by=BY, at=AT):
        Team.objects.bulk_create([Team(code=f"t{n}", name=f"Team {n}") for n in range(first, first + count)])


def seal() -> sealing.Sealed:
    return sealing.seal(by=BY, at=AT)


def leaves() -> list[bytes]:
    with transaction.atomic():
        return [leaf.encode() for batch in seals.batches("default") for _, _, leaf in seals.events_of(batch, "default")]


def test_every_event_is_sealed_once(sealed_book: str) -> None:
    add_teams(0)
    first = seal()
    add_teams(1, 700)

    second, third = seal(), seal()

    assert first.size + second.events == second.size == third.size == trail.status(AT)["events"]
    assert (second.events, third.events) == (701, 0)
    end = seals.last("default")
    assert end is not None
    assert end.root == merkle.root_of(map(merkle.leaf_hash, leaves()))


def test_the_tree_is_signed_and_published(sealed_book: str) -> None:
    add_teams(0)
    seal()

    (size, text), *_ = seals.checkpoints("default")
    signed = note.checkpoint(note.opened(text, keys.verifiers()))

    assert (signed.origin, signed.size) == (seals.origin("default"), size)
    assert anchors.notes() == [text]


def test_a_tree_of_several_levels_of_nodes_proves_itself(sealed_book: str) -> None:
    add_teams(0, 66_000)
    seal()
    add_teams(66_000, 300)
    seal()
    end = seals.last("default")
    assert end is not None

    with transaction.atomic():
        tree = seals.Tree(end.size, "default")
        hashes = [merkle.leaf_hash(leaf) for leaf in leaves()]
        for index in (0, 255, 256, 65_535, 65_536, end.size - 1):
            proof = merkle.inclusion(index, end.size, tree.part)
            assert merkle.includes(index, end.size, hashes[index], proof, end.root)
        grown = merkle.consistency(65_600, end.size, tree.part)

    assert merkle.grows(65_600, end.size, merkle.root_of(hashes[:65_600]), end.root, grown)
    assert len(seals.rows("default", "select 1 from audit.node where level = 2")) == 1
    assert end.root == merkle.root_of(hashes)


def test_a_second_sealer_is_refused(sealed_book: str) -> None:
    database = connections["default"].settings_dict
    with psycopg.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"]) as other:
        other.execute("select pg_advisory_lock(%s, 0)", [sealing.LOCK])

        with pytest.raises(Refused, match="somebody else"):
            seal()


def test_nothing_is_signed_with_another_key_when_the_key_is_lost(sealed_book: str) -> None:
    add_teams(0)
    seal()
    keys.path().unlink()
    add_teams(1)

    with pytest.raises(Refused, match="is lost"):
        seal()


def test_a_book_that_was_restored_to_an_earlier_day_is_not_signed(sealed_book: str, database_server: Databases) -> None:
    add_teams(0)
    seal()
    connections.close_all()
    earlier = f"{sealed_book}_earlier"
    replace(database_server, template=sealed_book).clone(earlier)
    add_teams(1)
    seal()
    connections.close_all()

    with databases.pointed_to(earlier), pytest.raises(Refused, match="was signed, but only"):
        seal()

    database_server.drop(earlier)


def test_an_event_that_commits_late_is_sealed_all_the_same(sealed_book: str) -> None:
    database = connections["default"].settings_dict
    with psycopg.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"]) as late:
        late.execute("insert into access_team (code, name) values ('late', 'Late')")
        add_teams(0)
        assert seal().size < trail.status(AT)["events"] + 1

        late.commit()

    assert seal().size == trail.status(AT)["events"]


def test_a_transaction_that_counted_as_ended_before_holds_the_sealer_back(sealed_book: str) -> None:
    """As one of another database does that ends between the snapshot and the look at who is under way."""
    add_teams(1)
    seal()
    end = seals.last("default")
    assert end is not None
    database = connections.settings["default"]
    with psycopg.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"]) as other:
        ((under_way,),) = other.execute("select pg_current_xact_id()::text::bigint").fetchall()
        add_teams(2)
        ahead = replace(end, high=under_way + 1)

        assert sealing.advance(end=ahead, seconds=0, by=BY, at=AT, using="default") == ahead


def test_writers_and_a_killed_sealer_leave_every_event_sealed_once(sealed_book: str) -> None:
    seal()
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=write, args=(sealed_book, number)) for number in range(4)]
    for writer in writers:
        writer.start()
    chance = Random(4)
    kills = 0
    while any(writer.is_alive() for writer in writers):
        sealer = fork.Process(target=seal_on_and_on, args=(sealed_book,))
        sealer.start()
        sealer.join(chance.uniform(0.1, 0.6))
        sealer.kill()
        sealer.join()
        kills += 1
    while seal().events:
        pass

    assert kills > 2
    assert trail.status(AT)["events"] == trail.status(AT)["sealed"] > 4 * WRITES
    assert seal_faults.faults("auditor") == []


WRITES = 150


def write(database: str, number: int) -> None:
    """Commit, roll back and commit late."""
    with databases.pointed_to(database):
        for count in range(WRITES):
            with contextlib.suppress(Refused), audit.operation("teams.add", by=BY, at=AT):
                Team.objects.create(code=f"w{number}-{count}", name="A team")
                if count % 5 == 0:
                    seals.rows("default", "select pg_sleep(0.02)")
                if count % 7 == 0:
                    raise Refused("It is not to be.", code="test")


def seal_on_and_on(database: str) -> None:
    with databases.pointed_to(database):
        while True:
            with contextlib.suppress(Refused):
                seal()


def test_the_last_checkpoint_is_found_at_the_end_of_a_long_file(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_ANCHORS = str(tmp_path)
    published = [f"ours\n{size}\nroot\n\n— ours signature\n" for size in range(2_000)]
    other = [f"theirs\n{size}\nroot\n\n— theirs signature\n" for size in range(1_000)]
    anchors.path().write_text("".join(f"\f{text}" for text in (*published, *other)) + "\fours\n9999\ncut of")

    assert anchors.notes() == published + other
    assert anchors.latest("theirs") == other[-1]
    assert anchors.latest("ours") == published[-1]
    assert anchors.latest("nobody") is None
