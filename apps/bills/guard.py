"""Uploaded files on their way in: kept under a name of ours, in bounded memory."""

import uuid
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile


def keep(file: "UploadedFile[bytes]", folder: Path) -> Path:
    """Write an uploaded file piece by piece into the folder; where it lies."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{uuid.uuid4().hex}{Path(file.name or '').suffix.lower()}"
    with kept.open("wb") as out:
        for piece in file.chunks():
            out.write(piece)
    return kept
