from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import timezone


class OutreachConfig(AppConfig):
    name = "apps.outreach"

    def ready(self) -> None:
        """Name the channels' providers, add our pages and words, install what is shipped after every migration."""
        from django.utils.translation import gettext_lazy as _

        from apps.access import registry as shell
        from apps.access.domain.permissions import Permission
        from apps.audit import registry as trail
        from apps.core import registry as core
        from apps.customers import registry as customers
        from apps.customers.domain.contact import Channel
        from apps.customers.registry import Holder
        from apps.outreach import registry
        from apps.outreach.actions import retention
        from apps.outreach.providers.file import File
        from apps.outreach.providers.smtp import Smtp
        from apps.outreach.queries import retention as kept
        from apps.outreach.queries import trail_words, wording

        registry.provider(Channel.EMAIL, Smtp())
        for channel in (Channel.APP, Channel.SMS, Channel.WECHAT, Channel.QQ):
            registry.provider(channel, File(settings.VAR_DIR / "outbox"))
        shell.nav(_("Messages"), "outreach:messages", Permission.OUTREACH_READ, 200, icon="send", key="m")
        customers.holder(
            Holder("message", _("The messages"), kept.last_date, kept.objection, kept.subjects, retention.clear)
        )
        for kind, words in wording.WORDS.items():
            core.words(kind, words)
        core.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
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
