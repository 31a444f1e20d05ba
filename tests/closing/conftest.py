"""A close of its own for the engine's tests: steps that are made up, and a book that begins on the first of May."""

import datetime as dt
from collections.abc import Callable

import pytest

from apps.closing import registry
from apps.closing.registry import Run, Step

FIRST = dt.date(2026, 5, 1)

Steps = Callable[..., None]


@pytest.fixture
def closing_with(monkeypatch: pytest.MonkeyPatch) -> Steps:
    """The close consists of these steps alone, in this order."""

    def use(**runs: Run) -> None:
        steps = {name: Step(name, run, order) for order, (name, run) in enumerate(runs.items())}
        monkeypatch.setattr(registry, "_steps", steps)
        monkeypatch.setattr(registry, "_openings", [lambda: FIRST])

    return use
