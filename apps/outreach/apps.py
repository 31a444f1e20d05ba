from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import timezone


class OutreachConfig(AppConfig):
    name = "apps.outreach"

    def ready(self) -> None:
        """Name the providers of the channels and install the shipped rules and texts after every migration."""
        from apps.customers.domain.contact import Channel
        from apps.outreach import registry
        from apps.outreach.providers.file import File
        from apps.outreach.providers.smtp import Smtp

        registry.provider(Channel.EMAIL, Smtp())
        for channel in (Channel.APP, Channel.SMS, Channel.WECHAT, Channel.QQ):
            registry.provider(channel, File(settings.VAR_DIR / "outbox"))
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    """Only where all of our tables are there: a migration back to an earlier state installs nothing."""
    from django.db import connections

    from apps.audit import registry
    from apps.core.domain.actor import System
    from apps.outreach.actions import publishing
    from apps.outreach.models import Template

    if using == "owner" and Template._meta.db_table in connections[using].introspection.table_names():
        with registry.migration():
            publishing.install(by=System("migrate"), at=timezone.now(), using=using)
