import tracemalloc
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from apps.bills.queries import sources

ROWS = 300_000
TRACED = 60_000  # tracing memory is slow
MEGABYTE = 1 << 20


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text('reference,name\nA,"Amber\nFig"\n\nB, Opal \n', encoding="utf-8")

    (batch,) = sources.open_source(path).batches()

    assert batch.rows == [(2, ["A", "Amber\nFig"]), (4, ["B", "Opal"])]


def test_a_large_csv_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "repayments.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("reference,customer,received_date,amount,channel\n")
        file.writelines(f"R-{n:012},C-{n:012},2026-02-09,1234.56,auto_debit\n" for n in range(TRACED))
    assert path.stat().st_size > 3 * MEGABYTE

    tracemalloc.start()
    rows = sum(len(batch.rows) for batch in sources.open_source(path).batches())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert rows == TRACED
    assert peak < 3 * MEGABYTE


def test_a_large_parquet_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "repayments.parquet"
    table = pa.table({"reference": [f"R-{n:012}-{n * 7919 % ROWS:012}" for n in range(ROWS)], "amount": range(ROWS)})
    pq.write_table(table, path, row_group_size=ROWS, use_dictionary=False, compression="none")
    assert path.stat().st_size > 10 * MEGABYTE
    del table
    held = pa.total_allocated_bytes()

    rows, peak = 0, 0
    for batch in sources.open_source(path).batches():
        rows += len(batch.rows)
        peak = max(peak, pa.total_allocated_bytes() - held)

    assert rows == ROWS
    assert peak < 8 * MEGABYTE
