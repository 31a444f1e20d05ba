"""Sealing columns of rows that lie there in the clear: into columns of their own, so that no clear value enters the trail anew."""

from collections.abc import Mapping
from typing import Any

from apps.customers.models.keyring import ring
from apps.customers.models.sealed import purpose

BATCH = 5_000


def seal(cursor: Any, table: str, columns: Mapping[str, str], owner: str) -> None:
    """Fill `sealed_<column>` of every row of the table; `columns` names what each is sealed for, `owner` whose it is."""
    names = list(columns)
    read = ", ".join(names)
    some_set = any_filled(names)
    last = 0
    while True:
        cursor.execute(
            f"select id, {owner}, {read} from {table} where id > %s and ({some_set}) order by id limit %s",  # noqa: S608
            [last, BATCH],
        )
        some = cursor.fetchall()
        if not some:
            return
        last = some[-1][0]
        lists = [[row[0] for row in some]]
        for place, name in enumerate(names, start=2):
            lists.append([ring().seal(row[place] or "", purpose(columns[name], row[1])) for row in some])
        values = ", ".join(["%s::bigint[]", *("%s::text[]" for _ in names)])
        settings = ", ".join(f"sealed_{name} = n.{name}" for name in names)
        cursor.execute(
            f"update {table} t set {settings} from unnest({values}) as n (id, {read}) where n.id = t.id",  # noqa: S608
            lists,
        )


def any_filled(names: list[str]) -> str:
    """Whether there is anything in one of the columns."""
    return " or ".join(f"{name} <> ''" for name in names)


def added(table: str, *names: str) -> str:
    """The statement that makes the sealed columns."""
    columns = ", ".join(f"add column sealed_{name} text not null default ''" for name in names)
    return f"alter table {table} {columns};"


def exchanged(table: str, *names: str) -> str:
    """The statements that put them in the place of the clear ones."""
    each = (
        f"alter table {table} drop column {name}; alter table {table} rename column sealed_{name} to {name}; "
        f"alter table {table} alter column {name} drop default;"
        for name in names
    )
    return " ".join(each)
