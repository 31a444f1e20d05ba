"""What docs/holds.md says is what the tables in the code say."""

from pathlib import Path
from typing import Any

from apps.cases.domain import disputes
from apps.cases.domain.holds import KINDS, Stop
from apps.cases.domain.moves import Moves

PAGE = Path(__file__).resolve().parents[2] / "docs" / "holds.md"


def lasting(days: int | None, longest: int | None, is_fixed: bool, review: int) -> str:
    if days is None:
        return f"open, review after {review}"
    return f"{days}, fixed" if is_fixed else f"{days}, {longest} at most"


def kinds() -> str:
    head = "| kind | placed by | lifted by | days | extended | document | contacts | tasks | messages | clock | fees |"
    rows = [head, "|---|---|---|---|---|---|---|---|---|---|---|"]
    for kind, terms in KINDS.items():
        days = lasting(terms.default, terms.longest, terms.is_fixed, terms.review)
        can_be = terms.is_extendable and terms.default is not None
        stops = ("x" if stop in terms.stops else "" for stop in Stop)
        cells = (f"`{kind}`", f"`{terms.placed_by}`", f"`{terms.lifted_by}`", days, "yes" if can_be else "no")
        rows.append("| " + " | ".join((*cells, "yes" if terms.needs_evidence else "", *stops)) + " |")
    return "\n".join(rows)


def moves(table: Moves[Any]) -> str:
    return "\n".join(f"    {now} ──> {' | '.join(sorted(after))}" for now, after in table.items() if after)


def test_the_page_holds_the_kinds_and_the_moves_of_the_code() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert kinds() in text
    assert moves(disputes.MOVES) in text
