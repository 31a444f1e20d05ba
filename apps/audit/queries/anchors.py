"""The checkpoints that were published outside the database."""

import datetime as dt
import os
from pathlib import Path

from django.conf import settings

FILE = "checkpoints"
END = 8_192  # bytes at the end of the file: some thirty checkpoints


def path() -> Path:
    """The file to which every checkpoint is appended; best on storage that only ever grows."""
    return Path(settings.AUDIT_ANCHORS) / FILE


def notes() -> list[str]:
    """Every published checkpoint, the oldest first."""
    return _split(path().read_bytes()) if path().exists() else []


def latest(origin: str) -> str | None:
    """The last published checkpoint of a book; found at the end of the file, however long it has grown."""
    if not path().exists():
        return None
    with path().open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - END, 0))
        near = _last(_split(file.read()), origin)
    return near or _last(notes(), origin)  # further up only where another book published after this one


def _split(published: bytes) -> list[str]:
    """Whole notes: what was cut off while it was written was never published."""
    return [text.decode() for text in published.split(b"\f")[1:] if text.endswith(b"\n")]


def _last(found: list[str], origin: str) -> str | None:
    return next((text for text in reversed(found) if text.startswith(f"{origin}\n")), None)


def published_at() -> dt.datetime | None:
    """When the last checkpoint was appended, as the file system has it."""
    return dt.datetime.fromtimestamp(path().stat().st_mtime, dt.UTC) if path().exists() else None
