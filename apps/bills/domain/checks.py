"""SQL out of the columns' declarations: how a raw text is wrong, and what it means if it is right."""

from collections.abc import Callable
from zoneinfo import available_timezones

from apps.bills.domain.portfolio import DATES, EARLIEST, MONEY, Column, Kind

MONTH_LENGTH = """
case when substr({v}, 6, 2) in ('04', '06', '09', '11') then '30'
     when substr({v}, 6, 2) <> '02' then '31'
     when substr({v}, 1, 4)::int %% 4 = 0 and (substr({v}, 1, 4)::int %% 100 <> 0 or substr({v}, 1, 4)::int %% 400 = 0)
     then '29' else '28' end
"""


def quoted(name: str) -> str:
    """A column's name as an identifier; names come from declarations and from PROFILE alone."""
    return f'"{name}"'


def literal(text: str) -> str:
    """A constant of ours as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def fault(column: Column) -> str:
    """An expression: the code of what is wrong with the raw text of the column, null if nothing is."""
    v = f"r.{quoted(column.name)}"
    empty = "'empty'" if column.filled else "null"
    arms = [f"when {v} = '' then {empty}", *(f"when {test} then '{code}'" for test, code in _arms(column, v))]
    return f"case {' '.join(arms)} end"


def typed(column: Column, *, guarded: bool) -> str:
    """An expression: what the raw text means; null where it is wrong, if that may be."""
    v = f"r.{quoted(column.name)}"
    value = f"nullif({v}, '')::{storage(column)}"
    if column.default:
        value = f"coalesce({value}, {literal(column.default)}::{storage(column)})"
    elif storage(column) == "text":
        value = v
    return f"case when ({fault(column)}) is null then {value} end" if guarded else value


def storage(column: Column) -> str:
    """The type of the column once it is right."""
    if column.kind in MONEY:
        return "numeric(14, 2)"
    if column.kind in DATES:
        return "date"
    return {Kind.SHARE: "numeric(7, 6)", Kind.INTEGER: "integer"}.get(column.kind, "text")


def _arms(column: Column, v: str) -> list[tuple[str, str]]:
    if column.kind in DATES:
        return _date(column, v)
    if column.kind in MONEY:
        return _money(column, v)
    return OTHER[column.kind](column, v)


def _date(column: Column, v: str) -> list[tuple[str, str]]:
    arms = [
        (rf"{v} !~ '^\d{{4}}-\d\d-\d\d$'", "date"),
        (f"{v} < '{EARLIEST}' or substr({v}, 6, 2) not between '01' and '12'", "date_impossible"),
        (f"substr({v}, 9, 2) not between '01' and {MONTH_LENGTH.format(v=v)}", "date_impossible"),
    ]
    return [*arms, (f"{v} > %(today)s", "date_ahead")] if column.kind is Kind.DATE else arms


def _money(column: Column, v: str) -> list[tuple[str, str]]:
    arms = [
        (rf"{v} !~ '^[+-]?\d+(\.\d*)?$'", "amount_not_a_number"),
        (rf"{v} ~ '\.\d\d\d'", "amount_decimals"),
        (rf"{v} ~ '[1-9]\d{{12}}|\d{{40}}'", "amount_too_large"),
    ]
    if column.kind is Kind.ABOVE_ZERO:
        arms.append((f"{v}::numeric <= 0", "amount_not_positive"))
    if column.kind is Kind.NOT_NEGATIVE:
        arms.append((f"{v}::numeric < 0", "amount_negative"))
    return arms


def _long(column: Column, v: str) -> tuple[str, str]:
    return f"length({v}) > {column.size}", "long"


def _among(column: Column, v: str) -> list[tuple[str, str]]:
    return [(f"{v} not in ({', '.join(map(literal, column.choices))})", "choice")]


def _waterfall(column: Column, v: str) -> list[tuple[str, str]]:
    names = ", ".join(map(literal, column.choices))
    return [(f"not string_to_array({v}, ' ') <@ array[{names}]", "choice")]


def _counts(_: Column, v: str) -> list[tuple[str, str]]:
    in_order = f"(select array_agg(distinct n order by n) from unnest(string_to_array({v}, ' ')::integer[]) n)"  # noqa: S608 - a column's name
    return [
        (rf"{v} !~ '^([1-9]|[1-5]\d|60)( ([1-9]|[1-5]\d|60))*$'", "counts"),
        (f"string_to_array({v}, ' ')::integer[] <> {in_order}", "counts"),
    ]


def _integer(column: Column, v: str) -> list[tuple[str, str]]:
    return [
        (rf"{v} !~ '^-?\d{{1,9}}$'", "integer"),
        (f"{v}::integer not between {column.lowest} and {column.highest}", "integer"),
    ]


OTHER: dict[Kind, Callable[[Column, str], list[tuple[str, str]]]] = {
    Kind.TEXT: lambda column, v: [_long(column, v)],
    Kind.CURRENCY: lambda _, v: [(f"{v} !~ '^[A-Z]{{3}}$'", "currency")],
    Kind.ZONE: lambda _, v: [(f"{v} not in ({', '.join(map(literal, sorted(available_timezones())))})", "zone")],
    Kind.CHOICE: _among,
    Kind.WATERFALL: _waterfall,
    Kind.COUNTS: _counts,
    Kind.SHARE: lambda _, v: [(rf"{v} !~ '^(0(\.\d{{1,6}})?|1(\.0{{1,6}})?)$'", "share")],
    Kind.INTEGER: _integer,
}
