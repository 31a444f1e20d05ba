"""Repayment files: how far they have come, and what of them was refused."""

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from apps.access.models import User
from apps.bills.domain.intake import UNFINISHED, IntakeState
from apps.bills.domain.portfolio import Refusal
from apps.bills.models import Intake, IntakeChunk, IntakeRefusal
from apps.core.domain.refusal import Refused
from apps.customers.queries import walls

HEADER = ("file", "row", "column", "reason")
REASONS = {  # what the commands say in English, for the pages
    "column_missing": _("The column is missing."),
    "column_unknown": _("The column is unknown."),
    "column_twice": _("The column is there twice."),
    "fields": _("The row has %(value)s fields, the header another number."),
    "cut": _("The file ends in the middle of this row: it may have been cut off."),
    "empty": _("It is empty."),
    "long": _("“%(value)s” is too long."),
    "character": _("It holds a character that cannot be kept (NUL)."),
    "currency": _("“%(value)s” is not a currency code of three capital letters."),
    "date": _("“%(value)s” is not a date like 2026-01-31."),
    "date_impossible": _("“%(value)s” is a date that does not exist."),
    "date_ahead": _("%(value)s is after the business date."),
    "amount_not_a_number": _("“%(value)s” is not an amount of money."),
    "amount_decimals": _("%(value)s has more than two decimals."),
    "amount_not_positive": _("%(value)s is not above zero."),
    "amount_too_large": _("%(value)s is larger than an amount may be."),
    "known_otherwise": _("%(value)s is known with other content."),
    "bill_unknown": _("There is no bill %(value)s."),
    "bill_of_another": _("Bill %(value)s is another customer's."),
    "bill_later": _("Bill %(value)s was issued after the money came."),
    "currency_account": _("The customer's account is not in %(value)s."),
}


def visible_to(user: User) -> QuerySet[Intake]:
    """The files that somebody may see."""
    return walls.office(Intake.objects.all(), user)


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


@dataclass(frozen=True, slots=True)
class Named:
    """A refused row for a page."""

    row: int
    column: str
    reason: str


def named(intake: Intake, count: int) -> list[Named]:
    """The first refused rows, in the reader's language."""
    return [
        Named(r.row, r.column, str(REASONS[r.code]) % {"value": r.value} if r.code in REASONS else r.reason)
        for r in first_refusals(intake, count)
    ]


def pieces(intake: Intake) -> Iterator[tuple[bytes, int]]:
    """The refusals as the pieces of a CSV file, each with the number of its rows."""
    found, buffer = refusals(intake), io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(HEADER)
    while some := list(itertools.islice(found, 1000)):
        writer.writerows((r.file, r.row or "", r.column, r.reason) for r in some)
        yield buffer.getvalue().encode(), len(some)
        buffer.seek(0)
        buffer.truncate()
    if rest := buffer.getvalue():
        yield rest.encode(), 0


def waiting(folder: Path) -> list[Intake]:
    """The uploaded files that are not finished, the oldest first."""
    return list(Intake.objects.filter(state__in=UNFINISHED, path__startswith=f"{folder}/").order_by("pk"))


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
