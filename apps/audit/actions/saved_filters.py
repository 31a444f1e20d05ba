"""Keeping filters of the explorer under a name, and throwing them away."""

import datetime as dt
from collections.abc import Mapping, Sequence

from apps.audit.actions.operations import operation
from apps.audit.models import SavedFilter
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Forbidden, Refused
from apps.core.texts import gettext as _


def keep(
    *, name: str, filters: Mapping[str, str], role: str, roles: Sequence[str], by: Actor, at: dt.datetime
) -> SavedFilter:
    """Keep filters under a name, for oneself or for a role of one's own; the name replaces its last use."""
    with operation("audit.keep_filter", by=by, at=at) as op:
        name, filters = name.strip(), {key: value for key, value in filters.items() if value}
        if not name:
            raise Refused(_("Filters are kept under a name."), code="name_missing")
        if not filters:
            raise Refused(_("Nothing is filtered; choose something first."), code="filters_missing")
        if role and role not in roles:
            raise Forbidden(_("Filters are shared with a role of one's own."), code="role_not_held")
        content = {"filters": filters, "role": role}
        kept, _created = SavedFilter.objects.update_or_create(
            owner=by.actor_id, name=name, defaults=content, create_defaults={**content, "created_at": at}
        )
        op.on, op.detail = kept, content
        op.sentence = f"Kept filters as “{name}”" + (f" for the role {role}." if role else ".")
    return kept


def discard(*, kept: SavedFilter, by: Actor, at: dt.datetime) -> None:
    """Throw filters away; only whoever kept them may."""
    with operation("audit.discard_filter", by=by, at=at, on=kept) as op:
        if kept.owner != by.actor_id:
            raise Forbidden(_("Only whoever kept these filters throws them away."), code="filter_of_another")
        op.sentence = f"Threw the filters “{kept.name}” away."
        kept.delete()
