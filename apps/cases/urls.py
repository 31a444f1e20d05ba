"""Addresses of the worklist, the cases, the team and the strategies."""

from django.urls import path

from apps.cases.api.arrangements import Arrangements
from apps.cases.api.cases import Cases, Contacts, Promises, Tasks
from apps.cases.api.complaints import Complaints
from apps.cases.api.holds import Disputes, Holds
from apps.cases.api.placements import Placements
from apps.cases.api.roster import Roster
from apps.cases.api.strategies import Simulations, Strategies
from apps.cases.views import (
    arrangements,
    cases,
    complaints,
    disputes,
    holds,
    placements,
    roster,
    signing,
    strategies,
    strategy_drafts,
    team,
    worklist,
)

app_name = "cases"
urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/next/", worklist.take_next, name="take_next"),
    path("cases/team/", team.team, name="team"),
    path("cases/roster/", roster.roster, name="roster"),
    path("cases/roster/assignment/", roster.assign_roster, name="assign_roster"),
    path("cases/roster/new/", roster.enter_roster, name="enter_roster"),
    path("cases/roster/<str:username>/", roster.change_roster, name="change_roster"),
    path("cases/roster/<str:username>/leave/", roster.leave_roster, name="leave_roster"),
    path("cases/placements/", placements.placements, name="placements"),
    path("cases/placements/<str:reference>/recall", placements.recall, name="recall"),
    path("cases/orphans/", holds.stranded, name="orphans"),
    path("cases/<str:reference>/place", placements.request_placement, name="request_placement"),
    path("cases/arrangements/", arrangements.arrangements, name="arrangements"),
    path("cases/arrangements/<str:reference>/", arrangements.arrangement, name="arrangement"),
    path("cases/arrangements/<str:reference>/link/", arrangements.send_arrangement, name="send_arrangement"),
    path("cases/arrangements/<str:reference>/recording/", arrangements.sign_arrangement, name="sign_arrangement"),
    path(
        "cases/arrangements/<str:reference>/withdrawal/", arrangements.withdraw_arrangement, name="withdraw_arrangement"
    ),
    path("cases/<str:reference>/arrangement/", arrangements.propose_arrangement, name="propose_arrangement"),
    path("sign/<str:token>/", signing.sign, name="sign"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/contact/", cases.record_contact, name="record_contact"),
    path("cases/<str:reference>/owner/", cases.assign, name="assign"),
    path("customers/<str:reference>/complaint/", complaints.record_complaint, name="record_complaint"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/rates/", complaints.rates, name="complaint_rates"),
    path("complaints/<str:reference>/", complaints.complaint, name="complaint"),
    path("complaints/<str:reference>/handler/", complaints.give_complaint, name="give_complaint"),
    path("complaints/<str:reference>/complex/", complaints.prolong_complaint, name="prolong_complaint"),
    path("complaints/<str:reference>/extension/", complaints.extend_complaint, name="extend_complaint"),
    path("complaints/<str:reference>/answer/", complaints.answer_complaint, name="answer_complaint"),
    path("complaints/<str:reference>/withdrawal/", complaints.withdraw_complaint, name="withdraw_complaint"),
    path("complaints/<str:reference>/reopening/", complaints.reopen_complaint, name="reopen_complaint"),
    path("customers/<str:reference>/hold/", holds.place_hold, name="place_hold"),
    path("holds/<str:reference>/extension/", holds.extend_hold, name="extend_hold"),
    path("holds/<str:reference>/lifting/", holds.lift_hold, name="lift_hold"),
    path("customers/<str:reference>/dispute/", disputes.record_dispute, name="record_dispute"),
    path("disputes/", disputes.disputes, name="disputes"),
    path("disputes/<str:reference>/", disputes.dispute, name="dispute"),
    path("disputes/<str:reference>/evidence/", disputes.document_dispute, name="document_dispute"),
    path("disputes/<str:reference>/review/", disputes.review_dispute, name="review_dispute"),
    path("disputes/<str:reference>/wanted/", disputes.want_evidence, name="want_evidence"),
    path("disputes/<str:reference>/decision/", disputes.decide_dispute, name="decide_dispute"),
    path("disputes/<str:reference>/withdrawal/", disputes.withdraw_dispute, name="withdraw_dispute"),
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/compare/", strategies.compare, name="compare_strategies"),
    path("strategies/requests/<str:reference>/", strategies.strategy_request, name="strategy_request"),
    path("strategies/simulations/<str:reference>/", strategy_drafts.simulation, name="simulation"),
    path("strategies/<slug:code>/<int:version>/", strategies.strategy, name="strategy"),
    path("strategies/<slug:code>/<int:version>/draft/", strategy_drafts.draw_strategy, name="draw_strategy"),
    path("strategies/<slug:code>/<int:version>/edit/", strategy_drafts.edit_strategy, name="edit_strategy"),
    path("strategies/<slug:code>/<int:version>/check/", strategy_drafts.check_strategy, name="check_strategy"),
    path("strategies/<slug:code>/<int:version>/base/", strategy_drafts.rebase_strategy, name="rebase_strategy"),
    path("strategies/<slug:code>/<int:version>/discard/", strategy_drafts.discard_strategy, name="discard_strategy"),
    path(
        "strategies/<slug:code>/<int:version>/publication/",
        strategy_drafts.publish_strategy,
        name="publish_strategy",
    ),
    path(
        "strategies/<slug:code>/<int:version>/roll-back/",
        strategy_drafts.roll_back_strategy,
        name="roll_back_strategy",
    ),
    path(
        "strategies/<slug:code>/<int:version>/simulation/",
        strategy_drafts.simulate_strategy,
        name="simulate_strategy",
    ),
]
endpoints = [
    ("cases", Cases),
    ("tasks", Tasks),
    ("contacts", Contacts),
    ("arrangements", Arrangements),
    ("complaints", Complaints),
    ("promises", Promises),
    ("holds", Holds),
    ("disputes", Disputes),
    ("placements", Placements),
    ("roster", Roster),
    ("strategies", Strategies),
    ("simulations", Simulations),
]
