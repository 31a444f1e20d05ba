"""Addresses of the shell, the approvals, the staff and the trail."""

from django.urls import path

import apps.access.api.session  # noqa: F401 - known to the API's description from here on
from apps.access.api.account import Confirmations, Password
from apps.access.api.agencies import Agencies
from apps.access.api.approvals import ApprovalViewSet
from apps.access.api.checkpoints import Checkpoints
from apps.access.api.controls import Controls
from apps.access.api.delegations import Delegations
from apps.access.api.emergencies import Emergencies
from apps.access.api.exports import TrailExports
from apps.access.api.factors import Factors
from apps.access.api.lockouts import Lockouts
from apps.access.api.matrix import Editions
from apps.access.api.open_sessions import Sessions
from apps.access.api.saved_filters import SavedFilters
from apps.access.api.staff import RoleViewSet, StaffViewSet
from apps.access.api.tokens import Tokens
from apps.access.api.trail import Changes, Operations, RetiredMonths
from apps.access.api.verification import Verifications
from apps.access.views import (
    account,
    agencies,
    approvals,
    controls,
    delegations,
    emergencies,
    exports,
    factors,
    home,
    matrix,
    open_sessions,
    passkeys,
    people,
    saved_filters,
    second_factor,
    sessions,
    sign_in_rules,
    sso,
    staff,
    timelines,
    tokens,
    trail,
    verification,
)

app_name = "access"
urlpatterns = [
    path("", home.home, name="home"),
    path("find", home.find, name="find"),
    path("login", sessions.log_in, name="login"),
    path("logout", sessions.log_out, name="logout"),
    path("language", sessions.language, name="language"),
    path("audit/", trail.operations, name="trail"),
    path("audit/exports/", exports.exports, name="trail_exports"),
    path("audit/exports/new", exports.new, name="new_trail_export"),
    path("audit/exports/<slug:reference>", exports.export, name="trail_export"),
    path("audit/exports/<slug:reference>/file", exports.file, name="trail_export_file"),
    path("audit/<int:seq>/", trail.operation, name="trail_operation"),
    path("audit/filters/", saved_filters.keep, name="trail_keep"),
    path("audit/filters/<int:number>/discard", saved_filters.discard, name="trail_discard"),
    path("audit/book/", verification.book, name="book"),
    path("audit/book/verify", verification.verify, name="book_verify"),
    path("audit/unattributed/", timelines.of_nobody, name="trail_unattributed"),
    path("audit/requests/<str:request_id>/", timelines.of_request, name="trail_request"),
    path("audit/people/<str:actor>/", timelines.of_person, name="trail_person"),
    path("audit/<str:kind>/<str:key>/", timelines.of_object, name="trail_history"),
    path("approvals/", approvals.inbox, name="approvals"),
    path("approvals/<slug:reference>/", approvals.detail, name="approval"),
    path("approvals/decisions", approvals.decide_many, name="approvals-decide"),
    path("approvals/<slug:reference>/decide", approvals.decide, name="approval-decide"),
    path("approvals/<slug:reference>/comment", approvals.comment, name="approval-comment"),
    path("approvals/<slug:reference>/withdraw", approvals.withdraw, name="approval-withdraw"),
    path("controls/", controls.dashboard, name="controls"),
    path("delegations/", delegations.delegation_list, name="delegations"),
    path("delegations/new", delegations.give, name="give_delegation"),
    path("delegations/<slug:reference>/", delegations.detail, name="delegation"),
    path("delegations/<slug:reference>/end", delegations.end, name="end_delegation"),
    path("emergencies/", emergencies.emergency_list, name="emergencies"),
    path("emergencies/take", emergencies.take, name="take_emergency"),
    path("emergencies/<slug:reference>/", emergencies.detail, name="emergency"),
    path("emergencies/<slug:reference>/end", emergencies.end, name="end_emergency"),
    path("staff/", staff.people_list, name="staff"),
    path("account/", account.password, name="account"),
    path("login/sso", sso.begin, name="sso"),
    path("login/sso/done", sso.done, name="sso_done"),
    path("login/code", second_factor.second_step, name="second_step"),
    path("account/confirm", second_factor.confirm, name="confirm"),
    path("account/factors/", factors.own, name="factors"),
    path("account/factors/begin", factors.begin_app, name="begin_app"),
    path("account/factors/app", factors.app, name="app"),
    path("account/factors/app/remove", factors.remove_app, name="remove_app"),
    path("account/passkeys/new", passkeys.new, name="new_passkey"),
    path("account/passkeys/<int:number>/remove", passkeys.remove, name="remove_passkey"),
    path("account/factors/codes", factors.codes, name="recovery_codes"),
    path("staff/roles/<slug:code>/sign-in", sign_in_rules.role, name="sign_in_rule"),
    path("staff/people/<str:username>/reset", sign_in_rules.ask_reset, name="reset_factors"),
    path("account/tokens/", tokens.own, name="tokens"),
    path("account/tokens/new", tokens.make, name="make_token"),
    path("account/tokens/<int:number>/revoke", tokens.revoke, name="revoke_token"),
    path("account/sessions/", open_sessions.own, name="sessions"),
    path("account/sessions/others/end", open_sessions.end_others, name="end_other_sessions"),
    path("account/sessions/<slug:key>/end", open_sessions.end, name="end_session"),
    path("staff/locked/", people.locked, name="lockouts"),
    path("staff/locked/<int:number>/unlock", people.unlock, name="unlock"),
    path("staff/people/<str:username>/", people.person, name="person"),
    path("staff/roles", staff.roles, name="roles"),
    path("staff/agencies/", agencies.agencies, name="agencies"),
    path("staff/agencies/enlist", agencies.enlist, name="enlist_agency"),
    path("staff/agencies/<slug:code>/strike", agencies.strike, name="strike_agency"),
    path("staff/authority", matrix.authority, name="authority"),
    path("staff/authority/propose", matrix.propose, name="propose_matrix"),
    path("staff/authority/preview", matrix.preview, name="preview_matrix"),
    path("staff/authority/<int:number>/", matrix.edition, name="matrix_edition"),
    path("staff/authority/proposals/<slug:reference>/", matrix.proposal, name="matrix_proposal"),
]
endpoints: list[tuple[str, type]] = [
    ("agencies", Agencies),
    ("approvals", ApprovalViewSet),
    ("controls", Controls),
    ("delegations", Delegations),
    ("emergencies", Emergencies),
    ("authority", Editions),
    ("account/password", Password),
    ("account/confirm", Confirmations),
    ("account/factors", Factors),
    ("tokens", Tokens),
    ("sessions", Sessions),
    ("lockouts", Lockouts),
    ("staff", StaffViewSet),
    ("roles", RoleViewSet),
    ("audit/operations", Operations),
    ("audit/changes", Changes),
    ("audit/retired", RetiredMonths),
    ("audit/saved-filters", SavedFilters),
    ("audit/verifications", Verifications),
    ("audit/exports", TrailExports),
    ("audit/checkpoints", Checkpoints),
]
