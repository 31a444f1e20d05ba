"""Our own format: a folder of CSV and Parquet files (docs/portfolio.md)."""

import datetime as dt
from pathlib import Path

from apps.bills.actions.intake import book
from apps.bills.actions.intake.book import Report
from apps.bills.actions.intake.staging import Progress, Staging
from apps.bills.domain.portfolio import BY_NAME, TABLES
from apps.bills.queries import sources, staged_prices
from apps.bills.queries.sources import SUFFIXES, Source
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused

CHECKED = ("credit_lines", "purchases", "bills", "repayments", "refunds")  # refer to something


def take_folder(
    *, folder: Path, refusals: Path, today: dt.date, by: Actor, at: dt.datetime, progress: Progress
) -> Report:
    """Take every file of the folder, or refuse them all: then `refusals` names every bad row."""
    found = _found(folder)
    opened = {name: sources.open_source(path) for name, path in found.items()}
    return book.take(
        files=list(found.values()),
        stage=lambda staging: _stage(staging, opened, today, progress),
        tables=list(opened),
        refusals=refusals,
        by=by,
        at=at,
        progress=progress,
    )


def _found(folder: Path) -> dict[str, Path]:
    """The files by table, in the order in which tables refer to each other."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.", code="folder_missing")
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        name, suffix = path.stem.lower(), path.suffix.lower()
        if suffix not in SUFFIXES or path.name.startswith("."):
            continue
        if name not in BY_NAME:
            raise Refused(
                f"{path.name} is none of the files of a portfolio: {', '.join(BY_NAME)}.", code="file_unknown"
            )
        if name in found:
            raise Refused(f"{found[name].name} and {path.name} are the same table twice.", code="file_twice")
        found[name] = path
    if not found:
        raise Refused(
            f"{folder} holds no file of a portfolio: {', '.join(BY_NAME)}, each as .csv or .parquet.",
            code="folder_empty",
        )
    return {table.name: found[table.name] for table in TABLES if table.name in found}


def _stage(staging: Staging, opened: dict[str, Source], today: dt.date, progress: Progress) -> int:
    rows = sum(
        staging.stage(source, BY_NAME[name], today=today.isoformat(), progress=progress)
        for name, source in opened.items()
    )
    files = {name: source.name for name, source in opened.items()}
    progress("Check the rows against each other and the book", 0)
    staging.recognise(files)
    if "products" in files:
        staging.refuse(staged_prices.refused_products(files["products"]))
        staging.run("load_products", file=files["products"])
    staging.run("refer")
    if "purchases" in files:
        _refuse_prices(staging, files["purchases"])
    for number, (name, file) in enumerate(files.items(), start=1):
        if name in CHECKED:
            staging.run(f"check_{name}", file=file)
        staging.name_known(name, file=file)
        progress("Check the rows against each other and the book", number / len(files))
    return rows


def _refuse_prices(staging: Staging, file: str) -> None:
    bad = staged_prices.refused_purchases()
    if bad:
        staging.copy("refused_price (terms, instalments, purchased_date, column_name, code, value)", bad)
        staging.run("name_prices", file=file)
