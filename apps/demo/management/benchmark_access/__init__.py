"""What access costs: each module here measures one thing by turns in one run, and tells its figures."""

from collections.abc import Callable
from typing import Any

from apps.demo.management.benchmark_access import decisions as permission
from apps.demo.management.benchmark_access import worklist

Say = Callable[[str], object]


def access(*, cases: int, decisions: int, runs: int, say: Say) -> dict[str, Any]:
    """All figures, on a book of so many open cases; every ratio is of medians of as many turns as there are runs."""
    return {
        "cases": cases,
        **worklist.measured(cases=cases, runs=runs, say=say),
        **permission.measured(decisions=decisions, runs=runs, say=say),
    }
