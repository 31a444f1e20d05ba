"""Message texts: a closed set of placeholders, filled without evaluating anything."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from string import Formatter

from apps.core.domain.refusal import Refused
from apps.outreach.domain.rules import Wording

Parts = tuple[tuple[str, str | None], ...]  # literal, placeholder behind it

PLACEHOLDERS = ("name", "lender", "amount", "due_date", "days")  # in the order of `numbered`
OPT_OUT: dict[str, tuple[str, ...]] = {"sms": ("reply t", "回t", "回复t"), "email": ("unsubscribe", "退订")}

FORMATTER = Formatter()
LINK = "{link}"  # stands as it is until it is sent: the address is worked out by whoever planned the message
NAME = "{name}"  # stands in a text that is kept: the person's name is put in when it is sent or shown


def parts(text: str) -> Parts:
    """The text cut at its placeholders: literal, name; refused where a placeholder is not one of ours."""
    try:
        parsed = tuple(FORMATTER.parse(text))
    except ValueError as problem:
        raise Refused(f"The text cannot be read: {problem}.", code="template_malformed") from None
    for _, name, specification, conversion in parsed:
        if name == "link" and not specification and not conversion:
            continue
        if name is not None and (name not in PLACEHOLDERS or specification or conversion):
            raise Refused(
                f"The text uses the placeholder {{{name}}}, which does not exist.", code="placeholder_unknown"
            )
    return tuple((literal + LINK, None) if name == "link" else (literal, name) for literal, name, _, _ in parsed)


def fill(cut: Parts, values: Mapping[str, str]) -> str:
    """The text with every placeholder filled; refused where a value is missing."""
    try:
        return _pattern(cut) % values
    except KeyError as missing:
        raise Refused(f"The text needs {missing}, which is not known.", code="placeholder_missing") from None


def named(text: str, name: str) -> str:
    """A text that is kept, with the person's name in it."""
    return text.replace(NAME, name)


@cache
def _pattern(cut: Parts) -> str:
    """The text for the operator that fills fastest."""
    return "".join(literal.replace("%", "%%") + (f"%({name})s" if name is not None else "") for literal, name in cut)


def numbered(cut: Parts) -> str:
    """The text as the database's `format` fills it, from the values in the order of `PLACEHOLDERS`."""
    return "".join(
        literal.replace("%", "%%") + (f"%{PLACEHOLDERS.index(name) + 1}$s" if name is not None else "")
        for literal, name in cut
    )


def values(
    *, language: str, name: str, lender: str, amount: Decimal, currency: str, due_date: dt.date, days: int
) -> dict[str, str]:
    """What may stand in a text, written as the language writes it."""
    chinese = language.startswith("zh")
    day = f"{due_date.year}年{due_date.month}月{due_date.day}日" if chinese else due_date.isoformat()
    return {
        "name": name,
        "lender": lender,
        "amount": f"{currency} {amount:,.2f}",
        "due_date": day,
        "days": str(days),
    }


def lint(channel: str, text: str, wordings: Iterable[Wording]) -> None:
    """Refuse a text that may not be sent on the channel: banned, with odd placeholders, or without an opt-out."""
    parts(text)
    for rule in wordings:
        found = rule.found(text)
        if found:
            raise Refused(f"The text uses “{found[0]}”, which is banned by {rule.code}.", code="wording_banned")
    if channel in OPT_OUT and not any(phrase in text.casefold() for phrase in OPT_OUT[channel]):
        raise Refused("The text does not say how to opt out.", code="opt_out_missing")
