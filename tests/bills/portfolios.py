"""Small portfolios for tests: the example of the documentation, with files replaced."""

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

from apps.bills.actions import intake
from apps.core.domain.actor import System

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "portfolio"
BY = System("test")
AT = dt.datetime(2026, 9, 1, 4, tzinfo=dt.UTC)
TODAY = dt.date(2026, 9, 1)
UCI_HEADER = (
    "ID,LIMIT_BAL,SEX,EDUCATION,MARRIAGE,AGE,PAY_0,PAY_2,PAY_3,PAY_4,PAY_5,PAY_6,BILL_AMT1,BILL_AMT2,BILL_AMT3,"
    "BILL_AMT4,BILL_AMT5,BILL_AMT6,PAY_AMT1,PAY_AMT2,PAY_AMT3,PAY_AMT4,PAY_AMT5,PAY_AMT6"
)
UCI_ROW = "2,120000,2,2,2,26,-1,2,0,0,0,2,2682,1725,2682,3272,3455,3261,0,1000,1000,1000,0,2000"


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    """A copy of the example; a file given by table name replaces the example's, an empty text takes it away."""
    made = tmp_path / "portfolio"
    shutil.copytree(EXAMPLE, made)
    for name, content in files.items():
        path = made / f"{name}.csv"
        if not content:
            path.unlink()
        elif isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content, encoding="utf-8")
    return made


def example(name: str) -> str:
    """The text of one of the example's files."""
    return (EXAMPLE / f"{name}.csv").read_text(encoding="utf-8")


def silent(what: str, share: float) -> None:
    """Show no progress."""


def take(made: Path, **options: Any) -> intake.Report:
    """Take a folder; refusals are written beside it."""
    arguments: dict[str, Any] = {
        "folder": made,
        "refusals": made.parent / "refusals.csv",
        "today": TODAY,
        "by": BY,
        "at": AT,
        "progress": silent,
    }
    return intake.take_folder(**(arguments | options))


def take_uci(file: Path) -> intake.Report:
    """Take a UCI file; refusals are written beside it."""
    return intake.take_uci(file=file, refusals=file.parent / "refusals.csv", by=BY, at=AT, progress=silent)


def refusals(turned: intake.Turned) -> list[tuple[str, int, str, str]]:
    """What an import was refused for: file, row, column and reason."""
    return [(refusal.file, refusal.row, refusal.column, refusal.reason) for refusal in turned.shown]
