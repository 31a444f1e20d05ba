"""What the close costs: the product's against one statement written by hand, on twin databases, day by day in turns."""

import datetime as dt
from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

from apps.core.domain.refusal import Refused
from apps.core.management import memory
from apps.demo.management import benchmark_book as book
from apps.demo.management.benchmark_twins import DAY, Turns, Twins

BILLS_A_CUSTOMER = 4
MOST_RUNS = 18

Say = Callable[[str], object]


def close(*, bills: int, runs: int, rounds: int, growth: int, say: Say) -> dict[str, Any]:
    """Closes of a book's first day, so many rounds, and as many steady days after it as there are runs.

    With `growth`, how the steady day grows to so many bills.
    """
    if not 1 <= runs <= MOST_RUNS:
        raise Refused(f"The days of a month allow 1 to {MOST_RUNS} runs.", code="runs")
    if rounds < 1:
        raise Refused("The first day must be closed before a steady one: at least 1 round.", code="rounds")
    found = _of_size(bills, runs, rounds, say)
    if growth:
        book.empty()
        larger = _of_size(growth, runs, rounds, say)
        found |= {
            "growth_bills": larger["bills"],
            "growth": round(larger["close_seconds"] / found["close_seconds"], 2),
            "growth_ratio": larger["ratio"],
            "growth_first_ratio": larger["first_ratio"],
        }
    return found | {"peak_mb": memory.peak_megabytes()}


def _of_size(bills: int, runs: int, rounds: int, say: Say) -> dict[str, Any]:
    started = perf_counter()
    book.fill(bills // BILLS_A_CUSTOMER)
    say(f"A book of {bills:,} bills in {perf_counter() - started:.0f} s.")
    first, steady = Turns(), Turns()
    with Twins() as twins:
        for number in range(rounds):
            if number:
                twins.reopen()
            _turn(twins, book.FIRST, first, number, say)
        for number in range(runs):
            day = book.FIRST + (number + 1) * DAY
            twins.receive(day)
            _turn(twins, day, steady, number, say)
    return {
        "bills": bills,
        "limit_seconds": round(median(steady.limit), 3),
        "close_seconds": round(median(steady.close), 3),
        "ratio": steady.ratio(),
        "cpu_ratio": steady.cpu_ratio(),
        "peak_mb": 0.0,
        "first_limit_seconds": round(median(first.limit), 3),
        "first_close_seconds": round(median(first.close), 3),
        "first_ratio": first.ratio(),
        "first_cpu_ratio": first.cpu_ratio(),
        "runs": runs,
        "rounds": rounds,
        **_spread("limit", steady.limit),
        **_spread("close", steady.close),
        **_spread("first_limit", first.limit),
        **_spread("first_close", first.close),
        **{f"seconds_{name}": round(median(seconds), 3) for name, seconds in steady.steps.items()},
        **{f"first_seconds_{name}": round(median(seconds), 3) for name, seconds in first.steps.items()},
    }


def _spread(name: str, seconds: list[float]) -> dict[str, float]:
    return {f"{name}_min": round(min(seconds), 3), f"{name}_max": round(max(seconds), 3)}


def _turn(twins: "Twins", day: dt.date, turns: Turns, number: int, say: Say) -> None:
    """Close one day on both twins, each first every other time, and see that they came to the same."""
    runs: list[Callable[[dt.date, Turns], None]] = [twins.run_limit, twins.run_close]
    for run in runs if number % 2 else runs[::-1]:
        run(day, turns)
    twins.compare(day)
    twins.rest()
    say(f"{day}: limit {turns.limit[-1]:.2f} s, close {turns.close[-1]:.2f} s.")
