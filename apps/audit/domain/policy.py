"""Which keys are believed under which checkpoints: the one in force, and those retired at a size of a tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.audit.domain import note
from apps.audit.domain.note import Checkpoint, Unreadable, Verifier


@dataclass(frozen=True, slots=True)
class Known:
    """A key; `origin` and `size` say the last checkpoint that it may sign, an empty origin that it is in force."""

    verifier: Verifier
    origin: str = ""
    size: int = 0

    @property
    def line(self) -> str:
        """The key as the file of known keys holds it."""
        return f"{self.verifier.text} {self.origin} {self.size}" if self.origin else self.verifier.text

    def may_sign(self, checkpoint: Checkpoint, origins: Sequence[str]) -> bool:
        """Whether it was in force when the tree had this size; `origins` are our trees, the oldest first."""
        if not self.origin or checkpoint.origin not in origins or self.origin not in origins:
            return True
        place, end = origins.index(checkpoint.origin), origins.index(self.origin)
        return place < end or (place == end and checkpoint.size <= self.size)


def read(text: str) -> list[Known]:
    """The known keys of a file, one a line, the one in force last."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        key, *end = line.split()
        if len(end) not in (0, 2) or (end and not (end[1].isascii() and end[1].isdigit())):
            raise Unreadable(f"“{line}” is neither a key nor a retired key")
        found.append(Known(note.verifier(key), end[0], int(end[1])) if end else Known(note.verifier(key)))
    return found


def opened(text: str, known: Iterable[Known], origins: Sequence[str]) -> Checkpoint:
    """The checkpoint of a note that a key signed which was in force then; `Unreadable` where none did."""
    stated, keys = note.checkpoint(note.split(text)[0]), list(known)
    believed = [key.verifier for key in keys if key.may_sign(stated, origins)]
    try:
        note.opened(text, believed)
    except Unreadable:
        signers = {(name, signature[:4]) for name, signature in note.split(text)[1]}
        for key in keys:
            signed = (key.verifier.name, key.verifier.key_id) in signers
            if signed and key.verifier not in believed:
                name = f"{key.verifier.name}+{key.verifier.key_id.hex()}"
                raise Unreadable(f"the key {name} was retired at {key.size} events of {key.origin}") from None
        raise
    return stated
