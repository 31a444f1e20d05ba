"""The sealer takes every committed event once, in order, and signs no tree but the one that grew."""

import datetime as dt

from django.db import transaction

from apps.access.models import Team
from apps.audit import actions as audit
from apps.audit.actions import sealing
from apps.audit.domain import merkle, note
from apps.audit.queries import anchors, seals, trail
from apps.audit.queries import keys as kept
from apps.core.domain.actor import System

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

    assert first.size + second.events == second.size == third.size == trail.status()["events"]
    assert (second.events, third.events) == (701, 0)
    end = seals.last("default")
    assert end is not None
    assert end.root == merkle.root_of(map(merkle.leaf_hash, leaves()))


def test_the_tree_is_signed_and_published(sealed_book: str) -> None:
    add_teams(0)
    seal()

    (size, text), *_ = seals.checkpoints("default")
    signed = note.checkpoint(note.opened(text, kept.verifiers()))

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
