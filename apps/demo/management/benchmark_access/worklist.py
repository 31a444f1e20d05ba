"""The first page of the worklist with row-level security and without it."""

from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from statistics import median
from time import perf_counter
from typing import Any

from apps.access.actions.walls import Wall
from apps.access.models import User
from apps.access.queries import scopes
from apps.cases.queries import worklist
from apps.core.domain.refusal import Refused
from apps.demo.management import benchmark_book as book
from apps.demo.management import benchmark_cases

LOOKS = 20  # at the page in one turn
WALLED = ("agency", "auditor")


def measured(*, cases: int, runs: int, say: Callable[[str], object]) -> dict[str, Any]:
    """How many times as long the page takes behind a wall: for an agency's agent, an auditor, and the worse of both."""
    made = benchmark_cases.fill(cases)
    people = {name: made[name] for name in WALLED}
    say(f"A book of {cases:,} open cases is made.")
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    for number in range(runs):
        for name, user in people.items():
            for walled in (True, False) if number % 2 else (False, True):
                seconds[f"{name}{'_walled' if walled else ''}"].append(_turn(user, walled=walled))
        say(", ".join(f"{name} {times[-1] * 1000:.1f} ms" for name, times in seconds.items()))
    took = {name: median(times) for name, times in seconds.items()}
    ratios = {f"rls_ratio_{name}": round(took[f"{name}_walled"] / took[name], 3) for name in people}
    return {
        "rls_ratio": max(ratios.values()),
        **ratios,
        **{f"worklist_{name}_ms": round(value * 1000, 2) for name, value in took.items()},
    }


def _turn(user: User, *, walled: bool) -> float:
    """Seconds for a page, on the median of a turn's looks; the filters of ours are there either way."""
    scope, looks = scopes.of(user), []
    for _look in range(LOOKS):
        started = perf_counter()
        with Wall.around(scope, user.pk) if walled else nullcontext():
            page = worklist.page(worklist.open_cases(user), book.FIRST)
        looks.append(perf_counter() - started)
        if len(page.rows) != worklist.PAGE:
            raise Refused("The page is not full: the book is too small to measure on.", code="benchmark_small")
    return median(looks)
