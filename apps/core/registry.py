"""What each app adds to what all share: words for what the tables store, and what can be measured."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class Word:
    """How a stored value is shown: its label, and a tone of `neutral`, `info`, `good`, `warning` or `bad`."""

    label: Text
    tone: str = "neutral"


_words: dict[str, dict[str, Word]] = {}


def words(kind: str, labels: Mapping[str, Word]) -> None:
    """Add words for one kind of value, such as `approval`, `bucket` or `fact` (what a request rests on).

    Raises ValueError where a value of the kind has other words already.
    """
    known = _words.setdefault(kind, {})
    for value, said in labels.items():
        if known.setdefault(str(value), said) != said:
            raise ValueError(f"Two words for the {kind} {value}: {known[str(value)].label!r} and {said.label!r}.")


def word(kind: str, value: object) -> Word:
    """How the value is shown; a value without a word shows itself."""
    return _words.get(kind, {}).get(str(value), Word(str(value)))


def choices(kind: str) -> list[tuple[str, Text]]:
    """Every value of the kind with its label, for a filter's menu."""
    return [(value, word.label) for value, word in _words.get(kind, {}).items()]


@dataclass(frozen=True)
class Benchmark:
    """Something that `manage.py benchmark` measures: a callable by its path, and its sizes unless told.

    It takes the sizes as keywords and `say`, for progress; it returns numbers by name.
    """

    path: str
    sizes: Mapping[str, int]


_benchmarks: dict[str, Benchmark] = {}


def benchmark(subject: str, path: str, **sizes: int) -> None:
    """Let `manage.py benchmark SUBJECT` call what the path names, with an option for each size."""
    _benchmarks[subject] = Benchmark(path, sizes)


def benchmarks() -> Mapping[str, Benchmark]:
    """What can be measured, by subject."""
    return dict(sorted(_benchmarks.items()))
