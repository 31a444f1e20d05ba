"""The white list of agencies."""

import datetime as dt

from django.utils.text import slugify

from apps.access.models import Agency
from apps.audit import actions as audit
from apps.core.domain.actor import Actor
from apps.core.domain.refusal import Refused
from apps.core.texts import gettext as _


def enlist(*, code: str, name: str, by: Actor, at: dt.datetime) -> Agency:
    """Put an agency on the white list."""
    with audit.operation("access.agencies.enlist", by=by, at=at) as op:
        if code != slugify(code):
            raise Refused(_("The code “%(code)s” is not in small letters and digits.") % {"code": code}, code="code")
        if Agency.objects.filter(code=code).exists():
            raise Refused(_("There is an agency “%(code)s” already.") % {"code": code}, code="agency_exists")
        op.on = made = Agency.objects.create(code=code, name=name, listed_at=at, listed_by=by.actor_id)
        op.sentence = f"Listed the agency {code}."
    return made


def strike(*, agency: Agency, reason: str, by: Actor, at: dt.datetime) -> Agency:
    """Strike an agency off the white list: its people see nothing from now on, whatever is still placed with it."""
    with audit.operation("access.agencies.strike", by=by, at=at, on=agency, reason=reason) as op:
        locked = Agency.objects.select_for_update().get(pk=agency.pk)
        if not reason.strip():
            raise Refused(_("Striking an agency off needs a reason."), code="reason_missing")
        if not locked.is_listed:
            raise Refused(_("%(agency)s is off the list already.") % {"agency": locked.name}, code="agency_struck")
        locked.struck_at, locked.struck_by = at, by.actor_id
        locked.save(update_fields=["struck_at", "struck_by"])
        op.sentence = f"Struck the agency {locked.code} off the list."
    return locked
