"""The approvals inbox and one request: the facts and the rule beside the two buttons."""

from collections.abc import Mapping
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.access import registry
from apps.access.actions import approvals as actions
from apps.access.actions import comments
from apps.access.domain.approval import RequestStatus
from apps.access.domain.permissions import Permission
from apps.access.filters import Approvals
from apps.access.forms import Comment, Decide
from apps.access.guard import kept, requires, stepped_up
from apps.access.models import ApprovalRequest, User
from apps.access.queries import approvals, people, wording
from apps.core import queries

TICK = "tick-"  # before the reference, in the name of a box


@requires(Permission.APPROVAL_READ)
def inbox(request: HttpRequest) -> HttpResponse:
    """Requests, newest first; narrowed to what waits for whoever looks, if they say so."""
    user, at = cast(User, request.user), timezone.now()
    chosen = Approvals(request.GET, approvals.visible_to(user), request=request, at=at)
    after, before = queries.key(request.GET.get("after")), queries.key(request.GET.get("before"))
    page = queries.page(chosen.qs, after=after, before=before)
    decider = approvals.decider_of(user, at) if people.holds(user, Permission.APPROVAL_DECIDE) else None
    rows = [(found, decider is not None and approvals.why_not(found, decider) is None) for found in page.rows]
    waiting = kept(request, reverse("access:approvals-decide"))
    context = {
        "filter": chosen,
        "page": page,
        "rows": rows,
        "form": Decide(initial=waiting) if any(mine and found.rule.in_bulk for found, mine in rows) else None,
        "waiting": waiting,
        "ticked": _ticked(waiting),
    }
    return render(request, "access/approvals.html", context)


@requires(Permission.APPROVAL_DECIDE)
@require_POST
@stepped_up("access:approvals")
def decide_many(request: HttpRequest) -> HttpResponse:
    """Say the same to every request that is ticked."""
    user = cast(User, request.user)
    form, ticked = Decide(request.POST), _ticked(request.POST)
    references = [found.reference for found in approvals.visible_to(user).filter(reference__in=ticked).order_by("pk")]
    if not references:
        messages.warning(request, _("No request is ticked."))
    elif not form.is_valid():
        messages.error(request, _("A rejection needs a reason."))
    else:
        for answer in actions.decide_many(references=references, **form.cleaned_data, by=user, at=timezone.now()):
            if answer.refusal:
                words = {"reference": answer.reference, "refusal": answer.refusal}
                messages.error(request, _("%(reference)s: %(refusal)s") % words)
            else:
                words = {"reference": answer.reference, "status": wording.status(RequestStatus(answer.status))}
                messages.success(request, _("%(reference)s: %(status)s.") % words)
    return redirect(f"{reverse('access:approvals')}?{request.GET.urlencode()}")


@requires(Permission.APPROVAL_READ)
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    """One request with what it rests on, who must agree and what has been said."""
    user = cast(User, request.user)
    asked = get_object_or_404(approvals.visible_to(user), reference=reference)
    waiting = kept(request, reverse("access:approval-decide", args=[reference]))
    return render(
        request,
        "access/approval.html",
        {"asked": asked, "form": Decide(initial=waiting), "waiting": waiting, **_seen_by(user, asked)},
    )


@requires(Permission.APPROVAL_DECIDE)
@require_POST
@stepped_up("access:approval")
def decide(request: HttpRequest, reference: str) -> HttpResponse:
    """Say yes or no."""
    user = cast(User, request.user)
    asked = get_object_or_404(approvals.visible_to(user), reference=reference)
    form = Decide(request.POST)
    if not form.is_valid():
        return render(request, "access/approval.html", {"asked": asked, "form": form, **_seen_by(user, asked)})
    decided = actions.decide(reference=reference, **form.cleaned_data, by=user, at=timezone.now())
    words = {"reference": reference, "status": wording.status(RequestStatus(decided.status))}
    messages.success(request, _("%(reference)s: %(status)s.") % words)
    return redirect("access:approval", reference=reference)


@requires(Permission.APPROVAL_READ)
@require_POST
def comment(request: HttpRequest, reference: str) -> HttpResponse:
    """Say something to it."""
    form = Comment(request.POST)
    if form.is_valid():
        comments.say(reference=reference, **form.cleaned_data, by=cast(User, request.user), at=timezone.now())
    else:
        messages.warning(request, _("A comment says something."))
    return redirect("access:approval", reference=reference)


@requires(Permission.APPROVAL_READ)
@require_POST
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take one's own request back."""
    actions.withdraw(reference=reference, by=cast(User, request.user), at=timezone.now())
    messages.success(request, _("%(reference)s is withdrawn.") % {"reference": reference})
    return redirect("access:approval", reference=reference)


def _ticked(sent: Mapping[str, Any]) -> list[str]:
    return [name.removeprefix(TICK) for name in sent if name.startswith(TICK)]


def _seen_by(user: User, asked: ApprovalRequest) -> dict[str, Any]:
    may_decide = people.holds(user, Permission.APPROVAL_DECIDE)
    decider = approvals.decider_of(user, timezone.now())
    objection = approvals.why_not(asked, decider)
    return {
        "objection": objection if may_decide else wording.why_not(Permission.APPROVAL_DECIDE),
        "giver": approvals.in_whose_name(asked, decider),
        "consequence": approvals.consequence(asked, decider),
        "approvers": approvals.progress(asked),
        "facts": wording.facts(asked),
        "changed": wording.changed_facts(asked),
        "events": wording.events(asked),
        "evidence": registry.action(asked.action).evidence,
        "comment": Comment(),
        "is_maker": asked.made_by_id == user.pk,
    }
