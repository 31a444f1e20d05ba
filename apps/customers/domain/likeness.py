"""Personal values as they are compared: one form of each, the pieces of a name, how like two names are."""

import re
import unicodedata
from collections.abc import Iterator

from apps.customers.domain.contact import ContactKind

BETWEEN_DIGITS = re.compile(r"[\s().\-]")
MOBILE = re.compile(r"1\d{10}")  # of mainland China, without the country's number


def name(text: str) -> str:
    """One form of a name: width and case do not matter, nor how much room is between its words."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def number(text: str) -> str:
    """One form of an identity document's number."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def contact(kind: str, value: str) -> str:
    """One form of a contact point: a telephone number in E.164 where it can be told, all else in small letters."""
    text = unicodedata.normalize("NFKC", value).strip()
    if kind != ContactKind.PHONE:
        return text.casefold()
    digits = BETWEEN_DIGITS.sub("", text)
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    return f"+86{digits}" if MOBILE.fullmatch(digits) else digits.casefold()


def pieces(text: str) -> Iterator[str]:
    """What a name is found by: each two letters that stand together in a word, and single ones of other scripts."""
    for word in name(text).split():
        yield from (word[at : at + 2] for at in range(len(word) - 1))
        yield from (letter for letter in word if not letter.isascii())


def sought(text: str) -> list[list[str]]:
    """The words of a text as pieces that a name must hold to hold the word; words of one letter lead to nobody."""
    return [found for word in name(text).split() if (found := sorted({*pieces(word)}))]


def likeness(one: str, other: str) -> int:
    """How like two names are, in percent: the pieces that both have, twice, over those that each has."""
    first, second = {*pieces(one)}, {*pieces(other)}
    return round(200 * len(first & second) / (len(first) + len(second))) if first and second else 0
