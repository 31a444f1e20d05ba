"""What exports and verifications of a large book take: time, room, and memory, by two sizes of it."""

import multiprocessing
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connections
from django.utils import timezone

from apps.audit import filters
from apps.audit.actions import packages, sealing
from apps.audit.management.benchmarks import rows as writes
from apps.audit.management.benchmarks import seals
from apps.audit.management.benchmarks.rows import Captured, Personal
from apps.audit.queries import seal_faults
from apps.audit.queries import seals as sealed
from apps.audit.queries.files import Format
from apps.core.domain.actor import System

BY = System("benchmark")
SMALL = 5  # the first size is so many times smaller than the second
MEGABYTE = 1 << 20
VERIFY = """
import runpy, sys
try:
    runpy.run_path(sys.argv.pop(), run_name="__main__")
except SystemExit as ended:
    print(open("/proc/self/status").read())
    sys.exit(ended.code)
"""  # runs a package and says what memory it took
fork = multiprocessing.get_context("fork")
Say = Callable[[str], object]


def trail(*, events: int, say: Say) -> dict[str, Any]:
    """A book of so many events, exported and verified; and of a fifth of them before, to see what grows with it.

    Speeds are events a second. Memory is the peak of a process of its own, in megabytes; `room` is what the pieces of
    an export take at once, as a multiple of its zip file. `growth` is the larger book's peak to the smaller one's.
    """
    found: dict[str, Any] = {}
    with seals.own_key(), tempfile.TemporaryDirectory(prefix="whiteslip-") as folder:
        say(f"Writing {events // SMALL:,} events ...")
        writes.prepare(events // SMALL // 2)
        found["smaller"] = _measured(Path(folder), say)
        say(f"Writing {events:,} events ...")
        for model in (Captured, Personal):
            writes.copied(model, "more", (events - events // SMALL) // 2)
        found["larger"] = _measured(Path(folder), say)
    peaks = [name for name in found["larger"] if name.endswith("_mb")]
    found["growth"] = {name: round(found["larger"][name] / found["smaller"][name], 2) for name in peaks}
    return found


def _measured(folder: Path, say: Say) -> dict[str, float]:
    say("... sealing ...")
    sealing.seal(by=BY, at=timezone.now(), seconds=seals.LONG)
    last = sealed.last("default")
    assert last is not None
    figures: dict[str, float] = {"events": last.size}
    for kind in Format:
        out = folder / f"{last.size}.{kind}.zip"
        say(f"... exporting as {kind} ...")
        took, peak = _apart(lambda out=out, kind=kind: _export(out, kind))  # type: ignore[misc]
        figures |= {f"export_{kind}_per_second": round(last.size / took), f"export_{kind}_mb": peak}
        with zipfile.ZipFile(out) as package:
            pieces = sum(piece.file_size for piece in package.infolist())
        figures[f"export_{kind}_room"] = round((pieces + out.stat().st_size) / out.stat().st_size, 1)
        took, peak = _verified(out)
        figures |= {f"verify_{kind}_per_second": round(last.size / took), f"verify_{kind}_mb": peak}
        out.unlink()
    say("... verifying the database ...")
    took, peak = _apart(_verify)
    return figures | {"verify_database_per_second": round(last.size / took), "verify_database_mb": peak}


def _export(out: Path, kind: Format) -> None:
    today = timezone.localdate(timezone=timezone.get_default_timezone())
    wish = packages.Wish(filters.period(today, today), kind, {}, sealed_part=True)
    packages.export(wish=wish, out=out, progress=lambda _done, _of: None, by=BY, at=timezone.now())


def _verify() -> None:
    if faults := seal_faults.faults("auditor"):
        raise RuntimeError(f"the book is not whole: {faults[0].sentence}")


def _apart(act: Callable[[], None]) -> tuple[float, float]:
    """Seconds and peak megabytes of an act in a process of its own."""
    connections.close_all()
    answer, theirs = fork.Pipe(duplex=False)
    process = fork.Process(target=_act, args=(theirs, act))
    process.start()
    theirs.close()
    took, peak = answer.recv()
    process.join()
    return took, peak


def _act(answer: Any, act: Callable[[], None]) -> None:
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is counted from here
    started = time.perf_counter()
    act()
    took = time.perf_counter() - started
    answer.send((took, _megabytes(Path("/proc/self/status").read_text(encoding="ascii"))))


def _verified(out: Path) -> tuple[float, float]:
    """The same of the verifier that is in the package."""
    started = time.perf_counter()
    line = [sys.executable, "-I", "-c", VERIFY, str(out)]
    done = subprocess.run(line, capture_output=True, text=True, check=True)  # noqa: S603 - ours
    return time.perf_counter() - started, _megabytes(done.stdout)


def _megabytes(status: str) -> float:
    """The peak of a process, as its status says it."""
    (peak,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:"))
    return round(int(peak) * 1024 / MEGABYTE, 1)
