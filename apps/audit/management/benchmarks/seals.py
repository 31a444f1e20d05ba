"""How fast what was written is sealed, with a key and anchors that are the benchmark's own."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connections
from django.test import override_settings
from django.utils import timezone

from apps.audit.actions import sealing
from apps.core.domain.actor import System

BY = System("benchmark")
LONG = 600.0  # seconds: until nothing is left


@contextmanager
def own_key() -> Iterator[None]:
    """Sign with a new key and publish in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="whiteslip-") as folder:
        place = Path(folder)
        with override_settings(AUDIT_KEY="", AUDIT_KEY_FILE=str(place / "audit.pem"), AUDIT_ANCHORS=folder):
            yield


def measured() -> dict[str, float]:
    """Events sealed a second of all that was written since the last time, and the bytes of each one's seal."""
    before, since = _size(), timezone.now()
    started = time.perf_counter()
    sealed = sealing.seal(by=BY, at=since, seconds=LONG).events
    took = time.perf_counter() - started
    return {
        "sealed_per_second": sealed / took,
        "seal_bytes": (_size() - before) / sealed,
    }


def _size() -> int:
    """Bytes of the seals, their indexes included."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT pg_total_relation_size('audit.sealed_batch') + pg_total_relation_size('audit.sealed_node')"
            " + pg_total_relation_size('audit.checkpoint')"
        )
        return int(cursor.fetchone()[0])
