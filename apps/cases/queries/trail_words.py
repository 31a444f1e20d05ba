"""What our rows and their columns are called in the trail."""

from django.utils.translation import gettext_lazy as _

from apps.core.registry import Word

OBJECTS = {
    "cases.case": Word(_("Case")),
    "cases.task": Word(_("Task")),
    "cases.contact": Word(_("Contact")),
    "cases.promise": Word(_("Promise to pay")),
    "cases.complaint": Word(_("Complaint")),
    "cases.stagemove": Word(_("Move between stages")),
    "cases.strategyversion": Word(_("Strategy")),
    "cases.strategystep": Word(_("Step of a strategy")),
    "cases.strategysegment": Word(_("Segment of a strategy")),
    "cases.strategyarm": Word(_("Arm of an experiment")),
    "cases.versionmove": Word(_("Move between versions of a strategy")),
    "cases.simulation": Word(_("Simulation")),
}
COLUMNS = {  # whose values have words, and of which kind
    "cases.case.status": "case",
    "cases.case.stage": "stage",
    "cases.case.queue": "queue",
    "cases.case.close_reason": "close_reason",
    "cases.task.status": "task",
    "cases.task.kind": "step_kind",
    "cases.task.queue": "queue",
    "cases.task.outcome": "outcome",
    "cases.contact.channel": "channel",
    "cases.contact.outcome": "outcome",
    "cases.promise.status": "promise",
    "cases.complaint.status": "complaint",
    "cases.complaint.channel": "complaint_channel",
    "cases.complaint.topic": "topic",
    "cases.complaint.term": "complaint_term",
    "cases.complaint.finding": "finding",
    "cases.complaint.root_cause": "root_cause",
    "cases.stagemove.from_stage": "stage",
    "cases.stagemove.to_stage": "stage",
    "cases.strategyversion.status": "strategy",
    "cases.strategyversion.existing_cases": "existing_cases",
    "cases.strategyarm.role": "arm_role",
    "cases.versionmove.rule": "existing_cases",
    "cases.simulation.status": "simulation",
    "cases.strategystep.kind": "step_kind",
    "cases.strategystep.stage": "stage",
    "cases.strategystep.queue": "queue",
}
