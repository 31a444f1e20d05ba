"""Putting the shipped conduct rules and texts in place."""

import datetime as dt

from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.outreach.domain import texts
from apps.outreach.models import ConductRule, Template
from apps.outreach.queries import shipped


def install(*, by: Actor, at: dt.datetime, using: str = "owner") -> int:
    """Add the shipped versions that are not there yet; answers how many. What is there is never touched.

    Refused where a shipped text uses a banned phrase, an unknown placeholder, or lacks an opt-out.
    """
    with audit.operation("outreach.install", by=by, at=at, using=using) as op:
        added = _rules(using) + _templates(at, using)
        op.sentence = f"Installed {added} conduct rules and texts."
        op.detail = {"added": added}
        op.nothing_happened = not added
    return added


def _rules(using: str) -> int:
    there = set(ConductRule.objects.using(using).values_list("code", "version"))
    new = [ConductRule(**row) for row in shipped.load("rules") if (row["code"], row["version"]) not in there]
    return len(ConductRule.objects.using(using).bulk_create(new))


def _templates(at: dt.datetime, using: str) -> int:
    key = ("code", "channel", "language", "version")
    there = set(Template.objects.using(using).values_list(*key))
    new = [
        Template(**row, approved_at=at)
        for row in shipped.load("templates")
        if tuple(row[name] for name in key) not in there
    ]
    for template in new:
        texts.lint(template.channel, f"{template.subject}\n{template.body}", shipped.wordings())
    return len(Template.objects.using(using).bulk_create(new))
