"""The checkpoints that were published outside the database."""

from pathlib import Path

from django.conf import settings

FILE = "checkpoints"


def path() -> Path:
    """The file to which every checkpoint is appended; best on storage that only ever grows."""
    return Path(settings.AUDIT_ANCHORS) / FILE


def notes() -> list[str]:
    """Every published checkpoint, the oldest first."""
    if not path().exists():
        return []
    found = path().read_text(encoding="utf-8").split("\f")
    return [text for text in found if text.endswith("\n")]  # what was cut off while it was written was never published


def latest(origin: str) -> str | None:
    """The last published checkpoint of a book."""
    return next((text for text in reversed(notes()) if text.startswith(f"{origin}\n")), None)
