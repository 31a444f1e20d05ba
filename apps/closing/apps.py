from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ClosingConfig(AppConfig):
    name = "apps.closing"

    def ready(self) -> None:
        """Add our pages and words to the shell; tell it the business date and how far the book is closed."""
        from apps.access import registry
        from apps.access.domain.permissions import Permission
        from apps.audit import registry as trail
        from apps.closing import queries
        from apps.closing.domain.status import DayStatus
        from apps.core.registry import Word, words

        registry.business_date(lambda: queries.business_date_at(timezone.now()))
        registry.tile(Permission.HOME_READ, queries.last_closed_tile, order=900)
        registry.nav(_("Closes"), "closing:days", Permission.CLOSE_READ, 700, icon="calendar-check", key="l")
        words("object", {"closing.day": Word(_("Business day"))})
        trail.words({"closing.day.status": "day"})
        words("day", {DayStatus.CLOSING: Word(_("closing"), "info"), DayStatus.CLOSED: Word(_("closed"), "good")})
