"""The gate that every contact passes: all rules in force are asked, and a single no is a no."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apps.outreach.domain.contact import Contact, Past
from apps.outreach.domain.rules import Cap, QuietHours, Rule

NO_RULES = "no-rules"  # without a rule in force nobody is contacted
LOOKS = 64  # moments looked at for the next allowed one: two months of midnights


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer: the codes that said no, what the caps had counted, every rule that was asked."""

    is_allowed: bool
    reasons: tuple[str, ...] = ()
    counters: Mapping[str, int] = field(default_factory=dict)
    rules: tuple[str, ...] = ()

    def words(self) -> tuple[str, str, str]:
        """Reasons, counters and rules as the database keeps them: words separated by spaces."""
        counted = (f"{code}={count}" for code, count in self.counters.items())
        return " ".join(self.reasons), " ".join(counted), " ".join(self.rules)

    @staticmethod
    def counted(words: str) -> dict[str, int]:
        """The counters as numbers again."""
        pairs = (word.rpartition("=") for word in words.split())
        return {code: int(count) for code, _, count in pairs}


def decide(rules: Sequence[Rule], contact: Contact, history: Sequence[Past], when: dt.datetime) -> Decision:
    """Whether the contact may happen at that moment; the strictest rule wins."""
    reasons, counters, asked = [], {}, []
    for rule in (*rules, *contact.stops):
        if not rule.concerns(contact):
            continue
        asked.append(f"{rule.code}@{rule.version}")
        if isinstance(rule, Cap):
            counters[rule.code] = rule.count(contact, history, when)
            allowed = counters[rule.code] < rule.limit
        else:
            allowed = rule.allows(contact, history, when)
        if not allowed:
            reasons.append(rule.code)
    if len(asked) == len(contact.stops):
        reasons.append(NO_RULES)
    return Decision(not reasons, tuple(reasons), counters, tuple(asked))


def next_allowed(
    rules: Sequence[Rule], contact: Contact, history: Sequence[Past], when: dt.datetime
) -> dt.datetime | None:
    """The first moment from `when` on that every rule allows; None where waiting does not help."""
    moment: dt.datetime | None = when
    for _ in range(LOOKS):
        if moment is None:
            return None
        later = [
            rule.lifts_at(contact, history, moment)
            for rule in (*rules, *contact.stops)
            if rule.concerns(contact) and not rule.allows(contact, history, moment)
        ]
        if not later:
            return moment
        moment = max((lift for lift in later if lift is not None), default=None) if None not in later else None
    return None


def hours(rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that look at the clock alone, and so say the same about every contact at a place."""
    return tuple(rule for rule in rules if isinstance(rule, QuietHours))
