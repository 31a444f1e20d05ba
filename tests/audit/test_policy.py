"""A key that was retired signs nothing beyond the checkpoint at which it handed over."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from apps.audit.domain import note, policy
from apps.audit.domain.note import Checkpoint, Unreadable

OLD, NEW = Ed25519PrivateKey.from_private_bytes(b"\1" * 32), Ed25519PrivateKey.from_private_bytes(b"\2" * 32)
TREES = ("ours/a", "ours/b", "ours/c")
KNOWN = f"{note.verifier_of('ours', OLD).text} ours/b 10\n{note.verifier_of('ours', NEW).text}\n"


def signed(origin: str, size: int, *keys: Ed25519PrivateKey) -> str:
    first, *more = keys
    text = note.sign(Checkpoint(origin, size, bytes(32)).text, "ours", first)
    for key in more:
        text = note.countersign(text, "ours", key)
    return text


@pytest.mark.parametrize(
    ("origin", "size", "keys"),
    [
        ("ours/a", 99, (OLD,)),
        ("ours/b", 10, (OLD,)),
        ("ours/b", 10, (OLD, NEW)),
        ("ours/b", 11, (NEW,)),
        ("ours/b", 11, (OLD, NEW)),
        ("ours/c", 1, (NEW,)),
    ],
)
def test_a_key_is_believed_while_it_was_in_force(origin: str, size: int, keys: tuple[Ed25519PrivateKey, ...]) -> None:
    assert policy.opened(signed(origin, size, *keys), policy.read(KNOWN), TREES).size == size


@pytest.mark.parametrize(("origin", "size"), [("ours/b", 11), ("ours/c", 1)])
def test_a_retired_key_is_not_believed_afterwards(origin: str, size: int) -> None:
    with pytest.raises(Unreadable, match="was retired at 10 events of ours/b"):
        policy.opened(signed(origin, size, OLD), policy.read(KNOWN), TREES)


def test_a_stranger_is_not_believed() -> None:
    stranger = Ed25519PrivateKey.from_private_bytes(b"\3" * 32)

    with pytest.raises(Unreadable, match="no known key"):
        policy.opened(signed("ours/b", 5, stranger), policy.read(KNOWN), TREES)


def test_what_is_read_is_what_was_written() -> None:
    assert "".join(f"{key.line}\n" for key in policy.read(KNOWN)) == KNOWN

    with pytest.raises(Unreadable, match="neither a key"):
        policy.read(f"{note.verifier_of('ours', OLD).text} until yesterday")
