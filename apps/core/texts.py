"""Sentences that remember what they were made of, so that they can be said again in another language.

What may be refused is said through `gettext` of this module instead of Django's: the reader hears their own language,
the trail keeps the English, and whoever reads the trail reads theirs.
"""

from collections.abc import Mapping
from typing import Any, Self

from django.utils import translation
from django.utils.functional import Promise

ENGLISH = "en"
Said = dict[str, Any]  # {"msgid"} with {"plural", "count"} or {"words"}, or {"items"}: what a sentence was made of


class Text(str):
    """A text in the language of whoever is there, with what it was made of."""

    said: Said

    def __new__(cls, shown: str, said: Said) -> Self:
        """The text as it is shown, and its parts."""
        text = super().__new__(cls, shown)
        text.said = said
        return text

    def __mod__(self, words: Any) -> "Text":
        """The text with its words put in."""
        if not isinstance(words, Mapping):
            raise TypeError("the words of a text have names")
        used = {name: _part(word) for name, word in words.items() if f"%({name})" in self}
        return Text(super().__mod__(words), {**self.said, "words": used})


def gettext(message: str) -> Text:
    """The message in the reader's language."""
    return Text(translation.gettext(message), {"msgid": message})


def ngettext(singular: str, plural: str, count: int) -> Text:
    """The message for that many in the reader's language."""
    return Text(translation.ngettext(singular, plural, count), {"msgid": singular, "plural": plural, "count": count})


def listed(items: list[str]) -> Text:
    """The items one after the other, as the reader's language separates them."""
    return Text(translation.gettext(", ").join(items), {"items": [_part(item) for item in items]})


def english(text: str | Promise) -> str:
    """The text in English; what is only a string is taken as it is."""
    if not isinstance(text, Text | Promise):
        return text
    with translation.override(ENGLISH):
        return str(say(text.said) if isinstance(text, Text) else text)


def origin(text: str) -> Said | None:
    """What it takes to say the text again in any language; None where its English alone is enough."""
    return text.said if isinstance(text, Text) and text.said.keys() != {"msgid"} else None


def parts(text: str) -> Said:
    """What it takes to say the text again, whatever it is."""
    return text.said if isinstance(text, Text) else {"msgid": text}


def say(said: Said | str | int) -> str | int:
    """The text in the language of whoever is there; a figure as it is."""
    if not isinstance(said, dict):
        return said
    if "items" in said:
        return translation.gettext(", ").join(str(say(item)) for item in said["items"])
    if "plural" in said:
        text = translation.ngettext(said["msgid"], said["plural"], said["count"])
    else:
        text = translation.gettext(said["msgid"])
    return text % {name: say(word) for name, word in said["words"].items()} if "words" in said else text


def _part(word: object) -> Said | str | int:
    """A word as it is kept: a text by its parts, a count as such, anything else as the string that it is written as."""
    if isinstance(word, Text):
        return word.said
    if isinstance(word, Promise):
        return {"msgid": english(word)}
    return word if type(word) is int else str(word)
