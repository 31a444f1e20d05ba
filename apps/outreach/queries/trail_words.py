"""What our rows and their columns are called in the trail."""

from django.utils.translation import gettext_lazy as _

from apps.core.registry import Word

OBJECTS = {
    "outreach.conductrule": Word(_("Conduct rule")),
    "outreach.template": Word(_("Template")),
    "outreach.gatedecision": Word(_("Decision of the gate")),
    "outreach.message": Word(_("Message")),
    "outreach.callattempt": Word(_("Call attempt")),
}
COLUMNS = {  # whose values have words, and of which kind
    "outreach.conductrule.kind": "rule",
    "outreach.template.channel": "channel",
    "outreach.template.language": "language",
    "outreach.gatedecision.channel": "channel",
    "outreach.message.purpose": "purpose",
    "outreach.message.channel": "channel",
    "outreach.message.status": "message",
}
