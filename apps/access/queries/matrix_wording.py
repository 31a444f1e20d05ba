"""The authority matrix in words: its faults, its lines, and what one edition changes in another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce

from apps.access import registry
from apps.access.domain.authority import Tier
from apps.access.domain.matrix import ANY_PRODUCT, Change, Fault, Flaw
from apps.access.queries import wording
from apps.access.queries.wording import role as role
from apps.core.texts import gettext as _

NONE = "—"


@dataclass(frozen=True)
class Difference:
    """One thing that a new edition changes: what, from what, to what."""

    what: str
    before: str
    after: str


def product(code: str) -> str:
    """A product by its name."""
    return _("every product") if code == ANY_PRODUCT else dict(registry.products()).get(code, code)


def subject(action: str, product_code: str) -> str:
    """What a line rules: the action, and the product where it is for one."""
    named = wording.action(action)
    if product_code == ANY_PRODUCT:
        return named
    return _("%(action)s, %(product)s") % {"action": named, "product": product(product_code)}


def tier(found: Tier) -> str:
    """A tier in a phrase: up to how much, of what, and who must agree."""
    words = {"approvers": wording.roles(found.approvers), "amount": f"{found.up_to or 0:,.2f}"}
    sentences = {
        (True, True): _("any amount of fees: %(approvers)s"),
        (True, False): _("any amount: %(approvers)s"),
        (False, True): _("fees up to %(amount)s: %(approvers)s"),
        (False, False): _("up to %(amount)s: %(approvers)s"),
    }
    said = sentences[found.up_to is None, found.fees_only] % words
    if found.in_order:
        said = _("%(tier)s, one after the other") % {"tier": said}
    return _("%(tier)s, several at once") % {"tier": said} if found.in_bulk else said


def differences(changes: Sequence[Change]) -> list[Difference]:
    """Changes of lines for people to read."""
    return [
        Difference(
            f"{subject(change.action, change.product)} · {change.code}",
            tier(change.before) if change.before else NONE,
            tier(change.after) if change.after else NONE,
        )
        for change in changes
    ]


def limits(
    before: tuple[Decimal | None, Decimal | None], after: tuple[Decimal | None, Decimal | None]
) -> list[Difference]:
    """Changes of the daily limits for people to read."""
    named = (_("One person asks for no more a day than"), _("For one customer no more is asked a day than"))
    pairs = zip(named, before, after, strict=True)
    return [Difference(what, _limit(old), _limit(new)) for what, old, new in pairs if old != new]


def _limit(amount: Decimal | None) -> str:
    return _("any amount") if amount is None else f"{amount:,.2f}"


def fault(found: Fault) -> str:
    """What is wrong, as a sentence."""
    words = {
        "subject": subject(found.action, found.product),
        "tier": found.tier,
        "about": found.about,
        "role": role(found.about),
        "action": found.action,
        "product": found.product,
    }
    sentences = {
        Flaw.UNRULED: _("%(subject)s has no rule."),
        Flaw.HOLE: _("%(subject)s has no rule above %(about)s: one tier must hold for any amount, principal too."),
        Flaw.OVERLAP: _("%(subject)s: the tiers %(about)s and %(tier)s end at the same amount."),
        Flaw.REPEATED: _("%(subject)s has two tiers %(tier)s."),
        Flaw.AMOUNT: _("%(subject)s, %(tier)s: a tier ends above zero, not at %(about)s."),
        Flaw.NOBODY_NAMED: _("%(subject)s, %(tier)s names nobody who must agree."),
        Flaw.ROLE_UNKNOWN: _("%(subject)s, %(tier)s: there is no role “%(about)s”."),
        Flaw.TOO_FEW: _("%(subject)s, %(tier)s: too few people hold the role %(role)s and may decide."),
        Flaw.IN_BULK: _(
            "%(subject)s, %(tier)s: several are decided at once only where one person agrees and the amount has an end."
        ),
        Flaw.ACTION_UNKNOWN: _("There is no controlled action “%(action)s”."),
        Flaw.PRODUCT_UNKNOWN: _("There is no product “%(product)s”."),
    }
    return sentences[found.flaw] % words


def together(sentences: Sequence[str]) -> str:
    """Sentences one after the other, as the reader's language sets them."""
    return reduce(lambda said, more: _("%(said)s %(more)s") % {"said": said, "more": more}, sentences)
