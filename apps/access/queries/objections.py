"""Why somebody may not decide a request, in a sentence, in their own name and in another's."""

from apps.access.domain.approval import Bar, Objection
from apps.access.domain.delegation import Lapse, Mandate
from apps.access.models import ApprovalRequest, Delegation
from apps.access.queries import delegations, wording
from apps.core.texts import gettext as _


def sentence(bar: Bar, request: ApprovalRequest) -> str:
    """The sentence that names the rule, the person or the delegation which keeps somebody from deciding."""
    if bar.mandate is None:
        return wording.objection(bar.objection, request)
    found = delegations.all_of_them().get(pk=bar.mandate.key)
    words = {
        "maker": request.made_by.name,
        "giver": found.giver.name,
        "reference": request.reference,
        "delegation": found.reference,
        "scope": delegations.scope_words(found.actions, found.products, found.up_to),
    }
    sentences = {
        Objection.MAKER_DELEGATE: _("You act for %(maker)s, who made this request, and so may not decide it."),
        Objection.GIVER_SUBORDINATE: _(
            "%(giver)s, for whom you act, reports to %(maker)s, who made this request; nobody decides it in that name."
        ),
        Objection.GIVER_OWN_ACCOUNT: _("It is about the account of %(giver)s, for whom you act."),
        Objection.GIVER_TWICE: _(
            "%(giver)s, for whom you act, has decided %(reference)s already; one person speaks once."
        ),
        Objection.SCOPE: _("Delegation %(delegation)s of %(giver)s does not cover this: %(scope)s."),
    }
    if bar.objection == Objection.LAPSED:
        return _over(bar.mandate, found)
    return sentences[bar.objection] % words


def _over(mandate: Mandate, found: Delegation) -> str:
    """Why a delegation does not hold."""
    words = {
        "giver": found.giver.name,
        "delegation": found.reference,
        "role": wording.role(found.grant.role.code, found.grant.role.name),
        "first": found.start_date,
        "last": found.last_date,
    }
    sentences = {
        Lapse.NOT_BEGUN: _("Delegation %(delegation)s of %(giver)s begins on %(first)s."),
        Lapse.EXPIRED: _("Delegation %(delegation)s of %(giver)s ended with %(last)s."),
        Lapse.ENDED: _("Delegation %(delegation)s of %(giver)s was ended before its time."),
        Lapse.ROLE_LOST: _("%(giver)s lost the role %(role)s, and with it delegation %(delegation)s ended."),
        Lapse.LEFT: _("%(giver)s works here no longer, so delegation %(delegation)s is over."),
    }
    return sentences[mandate.lapse or Lapse.ENDED] % words
