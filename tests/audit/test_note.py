"""Signed notes: what was signed is read again, whatever was changed is not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.domain import merkle, note
from apps.audit.domain.note import Checkpoint, Unreadable, Verifier

# the example of golang.org/x/mod/sumdb/note
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OURS = note.verifier_of("lender.example/audit", KEY)
HEAD = Checkpoint("lender.example/audit", 7, merkle.leaf_hash(b"seven"))


def test_a_note_of_others_is_read() -> None:
    assert note.opened(SAYING, [note.verifier(PETER)]).startswith("If you think")


def test_a_key_is_handed_out_and_read_again() -> None:
    assert note.verifier(OURS.text) == OURS


def test_a_checkpoint_is_signed_and_read_again() -> None:
    signed = note.sign(HEAD.text, OURS.name, KEY)

    assert note.checkpoint(note.opened(signed, [OURS])) == HEAD


def test_a_second_signature_says_when() -> None:
    auditor = Ed25519PrivateKey.generate()
    witness = Verifier("auditor.example", auditor.public_key().public_bytes_raw(), note.COSIGNATURE)

    signed = note.cosign(note.sign(HEAD.text, OURS.name, KEY), witness.name, auditor, 1_790_000_000)

    assert note.checkpoint(note.opened(signed, [witness])) == HEAD
    assert note.checkpoint(note.opened(signed, [OURS])) == HEAD


def test_an_unknown_key_is_not_believed() -> None:
    with pytest.raises(Unreadable, match="no known key"):
        note.opened(SAYING, [OURS])


@given(st.integers(0, len(HEAD.text.encode()) - 1), st.integers(1, 255))
def test_a_changed_byte_is_never_believed(place: int, change: int) -> None:
    signed = bytearray(note.sign(HEAD.text, OURS.name, KEY).encode())
    signed[place] ^= change

    with pytest.raises(ValueError, match=r"."):
        note.opened(signed.decode(), [OURS])


@pytest.mark.parametrize(
    "text",
    ["", "origin\n07\nAAAA\n", "origin\n7\nAAAA\n", "origin\nx\nAAAA\n", "\n7\nAAAA\n", "origin\n7\n*\n"],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        note.checkpoint(text)


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AAAA", OURS.text.replace("+", "+0", 1), f"x{OURS.text}"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        note.verifier(text)


@pytest.mark.parametrize(
    "text", ["", "text\n", "text\n\n", "text\n\nno dash\n", "text\n\n— name\n", "text\n\n— name AA==\n"]
)
def test_what_is_no_note_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        note.split(text)
