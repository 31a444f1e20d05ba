"""What a simulation found: what a version would have made, by step and arm."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST = 31  # days of one simulation
TOTALS = ("cases_opened", "cases_advanced", "cases_closed", "cases_moved", "tasks", "messages", "blocked")
Place = tuple[str, str, str]  # step, arm, kind


@dataclass(slots=True)
class Tally:
    """What was counted over the days so far; minutes are of agents."""

    totals: Counter[str] = field(default_factory=Counter)
    made: dict[Place, Counter[str]] = field(default_factory=dict)
    reasons: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # step, arm, rule

    def add(self, counts: Mapping[str, int]) -> None:
        """Add what a step of the close said."""
        self.totals.update({name: counts[name] for name in TOTALS if name in counts})

    def add_made(self, place: Place, tasks: int, messages: int, blocked: int, minutes: int) -> None:
        """Add what was made for one step in one arm."""
        self.made.setdefault(place, Counter()).update(
            {"tasks": tasks, "messages": messages, "blocked": blocked, "minutes": minutes}
        )

    def as_dict(self) -> dict[str, Any]:
        """The result as it is kept and printed; hours with one decimal."""
        minutes = sum(found["minutes"] for found in self.made.values())
        return {
            "cases": self.totals["cases_opened"],
            **{name: self.totals[name] for name in TOTALS[1:]},
            "agent_hours": _hours(minutes),
            "steps": [
                {
                    "step": step, "arm": arm, "kind": kind, "tasks": found["tasks"], "messages": found["messages"],
                    "blocked": found["blocked"], "agent_hours": _hours(found["minutes"]),
                }
                for (step, arm, kind), found in sorted(self.made.items())
            ],
            "reasons": [
                {"step": step, "arm": arm, "rule": rule, "count": count}
                for (step, arm, rule), count in self.reasons.most_common()
            ],
        }  # fmt: skip


def _hours(minutes: int) -> float:
    return round(minutes / 60, 1)
