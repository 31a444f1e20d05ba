"""A file of repayments read once: bad rows are named, known ones passed over, new ones queued customer by customer."""

import datetime as dt
from pathlib import Path

from django.db import connection

from apps.audit import actions as audit
from apps.bills.actions.intake.staging import Progress, Staging
from apps.bills.domain.intake import REPAYMENTS, IntakeState
from apps.bills.domain.portfolio import Refusal
from apps.bills.models import Intake, IntakeRefusal
from apps.bills.models.suspense import PAYER, PURPOSE
from apps.bills.queries import sources, suspense
from apps.core import sql
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.customers.models.keyring import seal
from apps.customers.models.sealed import purpose

PAYERS = 5_000  # sealed at a time
MEMORY = "set local work_mem = '128MB'; set local maintenance_work_mem = '256MB'"


def stage(*, intake: Intake, chunk: int, progress: Progress, by: Actor, at: dt.datetime) -> None:
    """Read the file into the queue in one transaction: an interrupted one leaves nothing and is begun again."""
    try:
        with audit.operation("bills.stage_intake", by=by, at=at, on=intake) as op:
            with connection.cursor() as cursor:
                cursor.execute(MEMORY)
            staging = Staging((REPAYMENTS,))
            source = sources.open_source(Path(intake.path))
            intake.rows = staging.read(source, REPAYMENTS, today=intake.business_date.isoformat(), progress=progress)
            progress("Check the rows", 0)
            _name_a_cut(staging, source.name, intake)
            _run("resolve", {"file": source.name})
            (intake.refused,) = staging.fetch("select count(distinct row) from refusal where row > 0")
            (headless,) = staging.fetch("select exists (select from refusal where row = 0)")
            _run("keep_refusals", {"intake": intake.pk})
            whole = not headless and not (intake.is_whole and intake.refused)
            if whole:
                (intake.unchanged,) = staging.fetch("select count(*) from resolved where known and not differs")
                _seal_payers(staging)
                _run("queue", {"intake": intake.pk, "chunk": chunk, "currency": suspense.house_currency()})
            intake.state = IntakeState.TAKING if whole else IntakeState.REFUSED
            intake.finished_at = None if whole else at
            intake.save(update_fields=["rows", "refused", "unchanged", "state", "finished_at"])
            op.sentence = f"Checked {intake.rows:,} rows of {intake.file_name}: {intake.refused:,} are refused."
            op.detail = {"rows": intake.rows, "refused": intake.refused, "unchanged": intake.unchanged}
            progress("Check the rows", 1)
    except Refused as refusal:
        _turn_away(intake, refusal.sentence, by, at)
        raise


def _seal_payers(staging: Staging) -> None:
    """Seal what the queue keeps of unknown payers, before it enters the database for longer than a transaction."""
    staging.execute("drop table if exists pg_temp.sealed_payer")
    staging.execute("create temporary table sealed_payer (row bigint, payer text, purpose text) on commit drop")
    with connection.chunked_cursor() as payers:
        payers.execute(sql.load("bills", "receipts/payers"))
        while some := payers.fetchmany(PAYERS):
            staging.copy("sealed_payer (row, payer, purpose)", map(_sealed, some))


def _sealed(row: tuple[int, str, str, str]) -> tuple[int, str, str]:
    number, reference, payer, wrote = row
    return number, seal(payer, purpose(PAYER, reference)), seal(wrote, purpose(PURPOSE, reference))


def _name_a_cut(staging: Staging, name: str, intake: Intake) -> None:
    """A last line that does not end may be the beginning of a longer one: an amount of 12 of what was 123.45."""
    path = Path(intake.path)
    if path.suffix.lower() == ".parquet":
        return  # its footer says how much there is
    with path.open("rb") as file:
        file.seek(-1, 2)
        ended = file.read() in b"\r\n"
    if not ended:
        (last,) = staging.fetch(
            "select greatest((select max(row) from staged_receipts), (select max(row) from refusal))"
        )
        staging.refuse([Refusal(name, last or 0, "", "cut", "")])


def _run(name: str, words: dict[str, str | int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.load("bills", f"receipts/{name}"), words)


def _turn_away(intake: Intake, why: str, by: Actor, at: dt.datetime) -> None:
    named = why.replace(Path(intake.path).name, intake.file_name)
    with audit.operation("bills.refuse_intake", by=by, at=at, on=intake) as op:
        intake.state, intake.finished_at = IntakeState.REFUSED, at
        intake.save(update_fields=["state", "finished_at"])
        IntakeRefusal.objects.create(intake=intake, row=0, code="unreadable", value=named[:100])
        op.sentence = f"{intake.file_name} cannot be read: {named}"
