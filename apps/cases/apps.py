from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class CasesConfig(AppConfig):
    name = "apps.cases"

    def ready(self) -> None:
        """Add our steps to the close, our pages and words to the shell, and the shipped strategy after a migration."""
        from django.utils.translation import gettext_lazy as _

        from apps.access import registry as shell
        from apps.access.domain.permissions import Permission
        from apps.audit import registry as trail
        from apps.cases.actions import arrangement_steps, arrangements, complaints, placements, steps, strategies
        from apps.cases.actions import retention as clearing
        from apps.cases.queries import (
            arrangement_words,
            complaint_words,
            dispute_words,
            hold_tiles,
            hold_words,
            holds,
            labels,
            signing,
            tiles,
            trail_words,
        )
        from apps.cases.queries import arrangements as arranged
        from apps.cases.queries import complaints as facts
        from apps.cases.queries import placements as placed
        from apps.cases.queries import retention as kept
        from apps.cases.queries import strategies as known
        from apps.closing import registry as closing
        from apps.core import registry as core
        from apps.customers import registry as customers
        from apps.customers.registry import Holder
        from apps.outreach import registry as outreach

        closing.step("cases.promises", steps.promises, order=50)
        closing.step("cases.arrangements", arrangement_steps.arrangements, order=52)
        closing.step("cases.holds", steps.holds, order=55)
        closing.step("cases.cases", steps.cases, order=60)
        closing.step("cases.tasks", steps.tasks, order=70)
        closing.step("cases.outreach", steps.outreach, order=80)
        outreach.link(signing.address_in)
        customers.holder(
            Holder(
                "collection",
                _("The record of collecting"),
                kept.last_date,
                kept.objection,
                kept.subjects,
                clearing.clear,
            )
        )
        shell.nav(_("Worklist"), "cases:worklist", Permission.WORKLIST_READ, 10, icon="list-check", key="w")
        shell.nav(_("Team"), "cases:team", Permission.CASE_ASSIGN, 12, icon="user", key="e")
        shell.nav(_("Arrangements"), "cases:arrangements", Permission.CASE_READ, 15, icon="file-text", key="n")
        shell.nav(_("Complaints"), "cases:complaints", Permission.COMPLAINT_READ, 14, icon="message", key="k")
        shell.nav(_("Disputes"), "cases:disputes", Permission.CASE_READ, 13, icon="alert-triangle", key="d")
        shell.nav(_("Agencies"), "cases:placements", Permission.PLACEMENT_REQUEST, 16, icon="briefcase")
        shell.controlled(placed.ACTION, label=_("Place with an agency"), facts=placed.facts, execute=placements.execute)
        shell.controlled(
            arranged.ACTION,
            label=_("Arrangement with a customer"),
            facts=arranged.facts_of,
            execute=arrangements.execute,
            ended=arrangements.end_request,
        )
        shell.controlled(
            known.PUBLISH,
            label=_("Publish a strategy"),
            facts=known.facts,
            execute=strategies.execute_publication,
            evidence="cases:strategy_request",
        )
        shell.controlled(
            known.ROLL_BACK,
            label=_("Go back to an earlier strategy"),
            facts=known.facts,
            execute=strategies.execute_roll_back,
            evidence="cases:strategy_request",
        )
        shell.nav(_("Strategies"), "cases:strategies", Permission.STRATEGY_READ, 300, icon="route", key="y")
        shell.customer_link(_("Record a complaint"), "cases:record_complaint", Permission.COMPLAINT_RECORD)
        shell.tile(Permission.WORKLIST_READ, tiles.worklist, order=10)
        shell.tile(Permission.CASE_ASSIGN, tiles.opened, order=20)
        shell.customer_link(_("Record a dispute"), "cases:record_dispute", Permission.DISPUTE_RECORD)
        shell.customer_link(_("Place a hold"), "cases:place_hold", Permission.HOLD_PLACE)
        shell.tile(Permission.CASE_ASSIGN, hold_tiles.orphans, order=25)
        shell.tile(Permission.DISPUTE_DECIDE, hold_tiles.disputes, order=28)
        shell.finder(Permission.CASE_READ, hold_tiles.find_dispute, order=7)
        shell.tile(Permission.COMPLAINT_READ, tiles.complaints, order=30)
        shell.finder(Permission.CASE_READ, tiles.find, order=5)
        shell.finder(Permission.CASE_READ, tiles.find_arrangement, order=7)
        shell.tile(Permission.ARRANGEMENT_PROPOSE, tiles.arrangements, order=40)
        shell.finder(Permission.COMPLAINT_READ, tiles.find_complaint, order=6)
        shell.controlled(
            facts.ACTION, label=_("Take 60 days for a complaint"), facts=facts.facts, execute=complaints.extend
        )
        said = labels.WORDS | complaint_words.WORDS | hold_words.WORDS | dispute_words.WORDS | arrangement_words.WORDS
        for kind, words in said.items():
            core.words(kind, words)
        outreach.stops(holds.rules_for, holds.stopped)
        core.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    """Only where all of our tables are there: a migration back to an earlier state installs nothing."""
    from django.db import connections

    from apps.audit import registry
    from apps.cases.actions import policies, strategies
    from apps.cases.models import ArrangementPolicy
    from apps.core.domain.actor import System

    if using == "owner" and ArrangementPolicy._meta.db_table in connections[using].introspection.table_names():
        with registry.migration():
            strategies.install(by=System("migrate"), at=timezone.now(), using=using)
            policies.install(by=System("migrate"), at=timezone.now(), using=using)
