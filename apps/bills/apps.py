from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils import timezone


class BillsConfig(AppConfig):
    name = "apps.bills"

    def ready(self) -> None:
        """Add our steps to the close, the waiver to the controlled actions, our pages and words to the shell."""
        from django.utils.translation import gettext_lazy as _

        from apps.access import registry as shell
        from apps.access.domain.permissions import Permission
        from apps.audit import registry as trail
        from apps.bills.actions import (
            caps,
            debits,
            payouts,
            products,
            restructurings,
            retention,
            statements,
            steps,
            waivers,
            write_offs,
        )
        from apps.bills.queries import (
            finding,
            new_caps,
            opening,
            plan_wording,
            product_wording,
            purchases,
            reveals,
            suspense,
            trail_words,
            wording,
        )
        from apps.bills.queries import payouts as payout_facts
        from apps.bills.queries import products as product_facts
        from apps.bills.queries import restructurings as plan_facts
        from apps.bills.queries import retention as kept
        from apps.bills.queries import waivers as waiver_facts
        from apps.bills.queries import write_offs as lost
        from apps.closing import registry as closing
        from apps.core import registry as core
        from apps.customers import registry as customers
        from apps.customers.registry import Holder

        closing.opening(opening.first_day)
        closing.step("bills.statements", statements.cut, order=5)
        closing.step("bills.accrue", steps.accrue, order=10)
        closing.step("bills.age", steps.age, order=20)
        closing.step("bills.restate", steps.restate, order=25)
        closing.step("bills.snapshot", steps.snapshot, order=30)
        closing.step("bills.debits", debits.instruct, order=40)
        shell.controlled(
            payouts.ACTION, label=_("Pay out a credit balance"), facts=payout_facts.facts, execute=payouts.execute
        )
        shell.controlled(waivers.ACTION, label=_("Waive a late fee"), facts=waiver_facts.facts, execute=waivers.execute)
        shell.controlled(
            products.ACTION, label=_("Publish conditions"), facts=product_facts.facts, execute=products.execute
        )
        shell.controlled(caps.ACTION, label=_("Publish a cap"), facts=new_caps.facts, execute=caps.execute)
        shell.controlled(lost.ACTION, label=_("Write off"), facts=lost.facts, execute=write_offs.execute)
        shell.controlled(
            lost.REVERSAL, label=_("Reverse a write-off"), facts=lost.reversal_facts, execute=write_offs.reverse
        )
        shell.controlled(
            restructurings.ACTION, label=_("Restructure"), facts=plan_facts.facts, execute=restructurings.execute
        )
        shell.products_from(product_facts.named)
        customers.slices_by(purchases.in_slice)
        customers.holder(
            Holder(
                "money",
                _("The record of bills and money"),
                kept.last_date,
                kept.objection,
                kept.subjects,
                retention.clear,
            )
        )
        shell.nav(_("Customers"), "bills:customers", Permission.CUSTOMER_READ, 30, icon="users", key="c")
        shell.nav(_("Bills"), "bills:bills", Permission.BILL_READ, 32, icon="file-invoice", key="b")
        shell.nav(_("Purchases"), "bills:purchases", Permission.BILL_READ, 33, icon="receipt", key="j")
        shell.nav(_("Repayments"), "bills:repayments", Permission.BILL_READ, 34, icon="coin", key="r")
        shell.nav(_("Products"), "bills:products", Permission.BILL_READ, 38, icon="adjustments", key="p")
        shell.nav(_("Debits"), "bills:debits", Permission.BILL_READ, 35, icon="cash")
        shell.nav(_("Suspense"), "bills:suspense", Permission.BILL_READ, 36, icon="inbox", key="u")
        shell.nav(_("Repayment files"), "bills:intakes", Permission.INTAKE_RUN, 38, icon="download", key="f")
        shell.nav(_("Month-ends"), "bills:month_ends", Permission.BILL_READ, 39, icon="calendar")
        shell.nav(_("Write-offs"), "bills:write_offs", Permission.BILL_READ, 37, icon="ban", key="o")
        shell.tile(Permission.SUSPENSE_DECIDE, suspense.tile, order=60)
        shell.tile(Permission.AUDIT_READ, lambda _user: reveals.tile(timezone.now()), order=6)
        shell.nav(_("Personal values shown"), "bills:reveals", Permission.AUDIT_READ, 855, icon="eye")
        shell.finder(Permission.BILL_READ, finding.suspense, order=40)
        shell.finder(Permission.CUSTOMER_READ, finding.customer, order=10)
        shell.finder(Permission.BILL_READ, finding.bill, order=20)
        shell.finder(Permission.BILL_READ, finding.repayment, order=30)
        for kind, words in (*wording.WORDS.items(), *product_wording.WORDS.items(), *plan_wording.WORDS.items()):
            core.words(kind, words)
        core.words("object", trail_words.OBJECTS)
        trail.words(trail_words.COLUMNS)
        post_migrate.connect(_install, sender=self)


def _install(*, using: str, **_: Any) -> None:
    """Only where our tables are there: a migration back to an earlier state installs nothing."""
    from django.db import connections

    from apps.audit import registry
    from apps.bills.actions import caps
    from apps.bills.models import CostCap
    from apps.core.domain.actor import System

    if using == "owner" and CostCap._meta.db_table in connections[using].introspection.table_names():
        with registry.migration():
            caps.install(by=System("migrate"), at=timezone.now(), using=using)
