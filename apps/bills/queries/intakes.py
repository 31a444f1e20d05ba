"""Files of repayments: how far they have come, and what of them was refused."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet, Sum

from apps.access.models import User
from apps.bills.domain.intake import IntakeState
from apps.bills.domain.portfolio import Refusal
from apps.bills.models import Intake, IntakeChunk, IntakeRefusal
from apps.core.domain.refusal import Refused

HEADER = ("file", "row", "column", "reason")


def visible_to(user: User) -> QuerySet[Intake]:
    """The files that somebody may see."""
    return Intake.objects.all()


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a file has come: its rows that are done, and what became of them so far."""

    rows: int
    done: int
    created: int
    parked: int
    unchanged: int
    refused: int
    played: int

    @property
    def percent(self) -> int:
        """Of the rows, those that are done."""
        return 100 * self.done // self.rows if self.rows else 0


def standing(intake: Intake) -> Standing:
    """Add the chunks that are done to what the check of the file has found."""
    names = ("rows", "created", "parked", "unchanged", "refused", "played")
    done = IntakeChunk.objects.filter(intake=intake, finished_at__isnull=False)
    total = done.aggregate(**{f"sum_{name}": Sum(name, default=0) for name in names})
    found = {name: int(total[f"sum_{name}"]) for name in names}
    if intake.state == IntakeState.DONE:
        counted = {name: getattr(intake, name) for name in ("created", "parked", "unchanged", "refused")}
        return Standing(intake.rows, intake.rows, **counted, played=found["played"])
    unchanged, refused = intake.unchanged + found["unchanged"], intake.refused + found["refused"]
    return Standing(
        rows=intake.rows,
        done=intake.unchanged + intake.refused + found["rows"],
        created=found["created"],
        parked=found["parked"],
        unchanged=unchanged,
        refused=refused,
        played=found["played"],
    )


def refusals(intake: Intake) -> Iterator[Refusal]:
    """Every row that was not taken, in the order of the file and in bounded memory."""
    found = IntakeRefusal.objects.filter(intake=intake).order_by("row", "pk")
    for refusal in found.iterator(chunk_size=1000):
        yield Refusal(intake.file_name, refusal.row, refusal.column_name, refusal.code, refusal.value)


def first_refusals(intake: Intake, count: int) -> list[Refusal]:
    """The first of them."""
    found = IntakeRefusal.objects.filter(intake=intake).order_by("row", "pk")[:count]
    return [Refusal(intake.file_name, r.row, r.column_name, r.code, r.value) for r in found]


def write_refusals(intake: Intake, file: Path) -> int:
    """Write them as CSV, in the form in which an import names its bad rows; answers how many there were."""
    count = 0
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(HEADER)
            for refusal in refusals(intake):
                writer.writerow((refusal.file, refusal.row or "", refusal.column, refusal.reason))
                count += 1
    except OSError as error:
        raise Refused(f"{file} cannot be written: {error.strerror}.", code="refusals") from error
    return count
