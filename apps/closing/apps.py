from django.apps import AppConfig
from django.utils import timezone


class ClosingConfig(AppConfig):
    name = "apps.closing"

    def ready(self) -> None:
        """Tell the shell the business date, and the home page how far the book is closed."""
        from apps.access import registry
        from apps.access.domain.permissions import Permission
        from apps.closing import queries

        registry.business_date(lambda: queries.business_date(timezone.localdate()))
        registry.tile(Permission.HOME_READ, queries.last_closed_tile, order=900)
