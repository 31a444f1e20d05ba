"""How money, dates and days past due are shown."""

import datetime as dt
from decimal import Decimal

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from apps.core.domain import money as amounts
from apps.core.domain.money import cents

register = template.Library()
NOTHING = "—"


@register.filter
def money(amount: Decimal | str | None, currency: str = "") -> str:
    """1234.5 as `1,234.50`, with its currency before it where given; nothing as a dash."""
    if amount is None or amount == "":  # a template's word for what is not there
        return NOTHING
    figure = f"{cents(Decimal(amount)):,.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{currency} {figure}" if currency else figure


@register.filter
def day(date: dt.date | None) -> str:
    """A date as `2005-04-30`, the same in every language; nothing as a dash."""
    return date.isoformat()[:10] if date else NOTHING


@register.filter
def moment(at: dt.datetime | None) -> str | SafeString:
    """A moment in the product's time zone, to the minute, with the exact instant behind it; nothing as a dash."""
    if at is None:
        return NOTHING
    shown = at.astimezone(timezone.get_default_timezone())
    return format_html(
        '<time datetime="{}" title="{} {}">{}</time>',
        at.isoformat(),
        shown.isoformat(sep=" ", timespec="seconds"),
        settings.TIME_ZONE,
        shown.strftime("%Y-%m-%d %H:%M"),
    )


@register.filter
def past_due(days: int | None) -> str:
    """Days past due in words; none as a dash."""
    if not days:
        return NOTHING
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}


@register.filter
def share(part: Decimal | float | None) -> str:
    """0.125 as `12.5 %`; nothing as a dash."""
    return NOTHING if part is None else f"{Decimal(part) * 100:.1f} %"


@register.filter
def percent(rate: Decimal | str | None, places: int | None = None) -> str:
    """0.0005 as `0.05 %`, with as many places as it has or as many as told; nothing as a dash."""
    return NOTHING if rate is None or rate == "" else amounts.percent(Decimal(rate), places)
