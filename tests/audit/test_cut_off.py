"""Killed in the middle of a new key or of a new tree, the trail is whole, and the same command goes on."""

import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
import verify
from django.core.management import call_command
from django.db import connections

from apps.audit.actions import anchors, keys, renewal, sealing
from apps.audit.queries import keys as kept
from apps.audit.queries import seal_faults, seals
from apps.core.domain.refusal import Refused
from tests import databases
from tests.audit.conftest import AT, BY
from tests.audit.test_continuing import add_teams, go_on, seal, whole

Point = tuple[str, Callable[..., Any]]  # when a function is called, or has returned
RENEWAL: dict[str, Point] = {
    "while the new key is written": ("call", os.fdopen),
    "with the new key prepared": ("return", keys.prepare),
    "before the renewal is sealed": ("call", sealing.advance),
    "before the seal is entered": ("call", sealing.enter),
    "before the seal is signed": ("call", sealing.sign),
    "before the signature is published": ("call", anchors.publish),
    "before the handing over is noted": ("call", keys.hand_over),
    "before the key is put in its place": ("return", keys._note),
}
CONTINUING: dict[str, Point] = {
    "before anything is entered": ("call", sealing.enter),
    "before the handing over": ("call", keys.hand_over),
    "before the key is put in its place": ("return", keys._note),
    "before the tree is signed": ("call", sealing.sign),
    "before the signature is published": ("call", anchors.publish),
}


def killed(database: str, point: Point, act: Callable[[], object]) -> None:
    """Do something in a process of its own that is killed at this point."""
    when, code = point[0], point[1].__code__
    connections.close_all()
    process = multiprocessing.get_context("fork").Process(target=_until, args=(database, when, code, act))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def _until(database: str, when: str, code: CodeType, act: Callable[[], object]) -> None:
    def watch(frame: FrameType, event: str, _: object) -> None:
        if event == when and frame.f_code is code:
            os.kill(os.getpid(), signal.SIGKILL)

    with databases.pointed_to(database):
        sys.setprofile(watch)
        act()


def renew() -> renewal.Renewed:
    return renewal.renew(reason="Every year.", by=BY, at=AT)


def test_a_renewal_that_is_killed_anywhere_is_gone_on_from(sealed_book: str) -> None:
    add_teams(0)
    seal()
    for number, point in enumerate(RENEWAL.values(), 1):
        before = kept.verifiers()[-1]

        killed(sealed_book, point, renew)

        assert seal_faults.faults("auditor") == [], point
        renewed = renew()
        assert (kept.verifiers()[-1], len(kept.verifiers())) == (renewed.verifier, number + 1), point
        assert renewed.verifier != before
        assert not kept.next_path().exists()
        add_teams(number)
        seal()
        whole()


def test_the_sealer_goes_on_with_the_key_in_force_while_a_renewal_is_cut_off(sealed_book: str) -> None:
    add_teams(0)
    seal()
    for number, point in enumerate(list(RENEWAL.values())[3:-1:2], 1):
        killed(sealed_book, point, renew)
        add_teams(number)
        seal()
        whole()
    killed(sealed_book, RENEWAL["before the key is put in its place"], renew)
    add_teams(99)
    with pytest.raises(Refused, match="is retired: the one in force is"):
        seal()
    renew()
    seal()
    whole()


def test_a_new_tree_whose_beginning_is_killed_anywhere_is_gone_on_with(sealed_book: str) -> None:
    add_teams(0)
    seal()
    for number, point in enumerate(CONTINUING.values(), 1):
        kept.path().unlink()
        killed(sealed_book, point, lambda: go_on(new_key=True))
        if not kept.path().exists():
            add_teams(100 + number)
            with pytest.raises(Refused, match="is lost"):  # nor does the sealer make itself a key
                seal()
            go_on(new_key=True)
        add_teams(number)
        seal()

        assert len(seals.books("default")) == number + 1, point
        whole()


def test_keys_that_are_retired_are_believed_by_an_outsider_as_far_as_they_were_in_force(
    sealed_book: str, tmp_path: Path
) -> None:
    add_teams(0)
    seal()
    renew()
    add_teams(1)
    seal()
    out = tmp_path / "book.zip"
    call_command("audit_export", "--from", "2026-01-01", "--to", "2026-12-31", str(out))
    known = kept.public_path().read_text()
    assert verify.check(out, known).faults == []
    retired = known.replace(known.splitlines()[1], f"{known.splitlines()[1]} {seals.origin('default')} 1")
    assert "was retired before" in verify.check(out, retired).faults[0]
