"""A whole authority matrix: its lines, what is wrong with it, and what one edition changes in another."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from apps.access.domain.authority import Tier

ANY_PRODUCT = ""


@dataclass(frozen=True)
class Line:
    """One tier of an action; lines for a product stand in place of those for every product."""

    action: str
    tier: Tier
    product: str = ANY_PRODUCT

    @property
    def subject(self) -> tuple[str, str]:
        """What the line rules."""
        return self.action, self.product

    @property
    def key(self) -> tuple[str, str, str]:
        """What names the line within its matrix."""
        return self.action, self.product, self.tier.code


class Flaw(StrEnum):
    """What may be wrong with a matrix."""

    UNRULED = "unruled"  # a controlled action without any line
    HOLE = "hole"  # an amount that no tier covers
    OVERLAP = "overlap"  # two tiers that end at the same amount
    REPEATED = "repeated"  # two lines of one name
    AMOUNT = "amount"  # a tier that ends at zero or below
    NOBODY_NAMED = "nobody_named"  # a line without an approver
    ROLE_UNKNOWN = "role_unknown"
    TOO_FEW = "too_few"  # fewer people hold a role, and may decide, than the line asks for
    IN_BULK = "in_bulk"  # several at once where more than one must agree, or any amount falls under it
    ACTION_UNKNOWN = "action_unknown"
    PRODUCT_UNKNOWN = "product_unknown"


@dataclass(frozen=True)
class Fault:
    """A flaw, the line or subject that has it, and what it is about: an amount or a role."""

    flaw: Flaw
    action: str
    product: str = ANY_PRODUCT
    tier: str = ""
    about: str = ""


def in_order(lines: Sequence[Line]) -> list[Line]:
    """The lines by action, product and amount, those without an upper end last."""
    return sorted(lines, key=lambda line: (*line.subject, line.tier.up_to is None, line.tier.up_to or 0))


def tiers_of(lines: Sequence[Line], action: str, product: str) -> list[Tier]:
    """The tiers that rule an action for a product: its own, otherwise those for every product."""
    for subject in dict.fromkeys(((action, product), (action, ANY_PRODUCT))):
        if found := [line.tier for line in lines if line.subject == subject]:
            return found
    return []


def faults(
    lines: Sequence[Line],
    *,
    required: Collection[str],
    known: Collection[str],
    products: Collection[str],
    deciders: Mapping[str, int],
) -> list[Fault]:
    """Everything that is wrong with a matrix.

    `required` actions need a rule, `known` ones may have one; `deciders` counts, for every role there is, the people
    who hold it and may decide.
    """
    ruled = {line.action for line in lines if line.product == ANY_PRODUCT}
    found = [Fault(Flaw.UNRULED, action) for action in sorted(set(required) - ruled)]
    for (action, product), group in groupby(in_order(lines), key=lambda line: line.subject):
        of_subject = list(group)
        if action not in known:
            found.append(Fault(Flaw.ACTION_UNKNOWN, action, product))
        if product != ANY_PRODUCT and product not in products:
            found.append(Fault(Flaw.PRODUCT_UNKNOWN, action, product))
        found += _faults_of_subject(of_subject)
        for line in of_subject:
            found += _faults_of_line(line, deciders)
    return found


def _faults_of_subject(lines: Sequence[Line]) -> Iterator[Fault]:
    first = lines[0]
    for code, count in Counter(line.tier.code for line in lines).items():
        if count > 1:
            yield Fault(Flaw.REPEATED, *first.subject, tier=code)
    for before, line in zip(lines, lines[1:], strict=False):
        if before.tier.up_to == line.tier.up_to:
            yield Fault(Flaw.OVERLAP, *first.subject, tier=line.tier.code, about=before.tier.code)
    whole = [line.tier for line in lines if not line.tier.fees_only]
    if all(tier.up_to is not None for tier in whole):
        covered = max((tier.up_to or Decimal("0.00") for tier in whole), default=Decimal("0.00"))
        yield Fault(Flaw.HOLE, *first.subject, about=f"{covered:.2f}")


def _faults_of_line(line: Line, deciders: Mapping[str, int]) -> Iterator[Fault]:
    code = line.tier.code
    if line.tier.up_to is not None and line.tier.up_to <= 0:
        yield Fault(Flaw.AMOUNT, *line.subject, tier=code, about=f"{line.tier.up_to:.2f}")
    if not line.tier.approvers:
        yield Fault(Flaw.NOBODY_NAMED, *line.subject, tier=code)
    if line.tier.in_bulk and (line.tier.up_to is None or len(line.tier.approvers) > 1):
        yield Fault(Flaw.IN_BULK, *line.subject, tier=code)
    for role, count in Counter(line.tier.approvers).items():
        if role not in deciders:
            yield Fault(Flaw.ROLE_UNKNOWN, *line.subject, tier=code, about=role)
        elif deciders[role] < count:
            yield Fault(Flaw.TOO_FEW, *line.subject, tier=code, about=role)


@dataclass(frozen=True)
class Change:
    """A line that one edition has and the other has not, or has otherwise."""

    action: str
    product: str
    code: str
    before: Tier | None
    after: Tier | None


def changes(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """What the later edition does to the earlier, line by line, in the order of the lines."""
    old, new = ({line.key: line.tier for line in in_order(lines)} for lines in (before, after))
    pairs = [(key, old.get(key), new.get(key)) for key in sorted(old.keys() | new.keys())]
    return [Change(*key, one, other) for key, one, other in pairs if _meant(one) != _meant(other)]


def _meant(tier: Tier | None) -> Tier | None:
    """The tier with those who agree as they come in one order of ours."""
    if tier is None or tier.in_order:
        return tier
    return replace(tier, approvers=tuple(sorted(tier.approvers)))
