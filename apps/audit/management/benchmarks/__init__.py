"""What the book costs, measured by turns in one run: writes, sealing, verification, and its peers' writes."""

from collections.abc import Callable
from statistics import median
from typing import Any

from apps.audit.management.benchmarks import concurrency, offline, peers, seals
from apps.audit.management.benchmarks import rows as writes

Say = Callable[[str], object]
Figures = dict[str, list[float]]


def audit(*, rows: int, rounds: int, clients: int, seconds: int, say: Say) -> dict[str, Any]:
    """Every figure as the median of the rounds; a ratio is a speed with the book to the same without it.

    `rows` are changed by one statement; `clients` write for so many `seconds` a turn. `seal_ratio` is events sealed a
    second to changes captured a second by that statement, `verify_ratio` the recomputation of a tree to SHA-256 alone.
    """
    writes.prepare(rows)
    found: Figures = {}
    with seals.own_key(), peers.process(rows) as peer:
        for number in range(rounds):
            say(f"Round {number + 1} of {rounds}: one writer ...")
            _note(found, _written(number, rows))
            say("... the same of django-auditlog and django-pghistory ...")
            _note(found, {f"peer {name}": value for name, value in peer.turn().items()})
            say("... sealing and verifying ...")
            _note(found, seals.measured() | offline.measured())
            say(f"... {clients} writers ...")
            _note(found, concurrency.measured(clients, seconds))
    return _summary({name: median(values) for name, values in found.items()}, rows)


def _note(found: Figures, figures: dict[str, float]) -> None:
    for name, value in figures.items():
        found.setdefault(name, []).append(value)


def _written(number: int, rows: int) -> dict[str, float]:
    some = rows // 4
    took = {f"copy_{name}": writes.copied(model, f"{number}", some) for name, model in writes.variants(number)}
    before = writes.size()
    took |= {f"bulk_{name}": writes.updated(model, rows) for name, model in writes.variants(number)[:2]}
    took["bulk_bytes"] = (writes.size() - before) / rows
    saved, took["save_bytes"] = writes.saved()
    took |= {f"save_{name}": value for name, value in saved.items()}
    changes = rows / took["bulk_captured"]
    return took | {
        "save_ratio": took["save_plain"] / took["save_captured"],
        "bulk_ratio": took["bulk_plain"] / took["bulk_captured"],
        "copy_ratio": took["copy_plain"] / took["copy_captured"],
        "copy_personal_ratio": took["copy_plain"] / took["copy_personal"],
        "changes": changes,
        "us_per_copied_row": (took["copy_captured"] - took["copy_plain"]) / some * 1e6,
        "us_per_personal_row": (took["copy_personal"] - took["copy_plain"]) / some * 1e6,
    }


def _summary(of: dict[str, float], rows: int) -> dict[str, Any]:
    ratios = ("save_ratio", "bulk_ratio", "copy_ratio", "copy_personal_ratio", "concurrent_ratio", "verify_ratio")
    return {
        "rows": rows,
        **{name: round(of[name], 3) for name in ratios},
        "seal_ratio": round(of["sealed_per_second"] / of["changes"], 2),
        "seal_p99_seconds": round(of["seal_p99_seconds"], 2),
        "bytes_per_save": round(of["save_bytes"]),
        "bytes_per_bulk_change": round(of["bulk_bytes"]),
        "bytes_per_sealed_event": round(of["seal_bytes"], 1),
        "us_per_save": round((of["save_captured"] - of["save_plain"]) * 1e6, 1),
        "us_per_bulk_change": round((of["bulk_captured"] - of["bulk_plain"]) / rows * 1e6, 1),
        "us_per_copied_row": round(of["us_per_copied_row"], 1),
        "us_per_personal_row": round(of["us_per_personal_row"], 1),
        "sealed_per_second": round(of["sealed_per_second"]),
        "verified_per_second": round(of["verified_per_second"]),
        "concurrent_per_second": round(of["concurrent_per_second"]),
        "peers": {
            name: {
                "save_ratio": round(of[f"peer {name} save"], 3),
                "bulk_ratio": round(of[f"peer {name} bulk"], 3) if f"peer {name} bulk" in of else None,
            }
            for name in peers.NAMES
        },
    }
