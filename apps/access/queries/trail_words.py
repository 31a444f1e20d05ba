"""What our rows and their columns are called in the trail."""

from django.utils.translation import gettext_lazy as _

from apps.core.registry import Word

OBJECTS = {
    "access.team": Word(_("Team")),
    "access.agency": Word(_("Agency")),
    "access.user": Word(_("Person")),
    "access.role": Word(_("Role")),
    "access.rolegrant": Word(_("Role of a person")),
    "access.incompatibleroles": Word(_("Incompatible roles")),
    "access.apitoken": Word(_("Token")),
    "access.authenticator": Word(_("Authenticator app")),
    "access.passkey": Word(_("Passkey")),
    "access.recoverycode": Word(_("Recovery code")),
    "access.session": Word(_("Session")),
    "access.identity": Word(_("Identity at the sign-in service")),
    "access.lockout": Word(_("Shut log-in")),
    "access.authorityversion": Word(_("Authority matrix")),
    "access.authorityrule": Word(_("Rule of the authority matrix")),
    "access.approvalrequest": Word(_("Approval request")),
    "access.emergency": Word(_("Emergency")),
    "access.delegation": Word(_("Delegation")),
    "access.approvalcomment": Word(_("Comment on a request")),
    "access.approvaldecision": Word(_("Decision on a request")),
}
COLUMNS = {  # whose values have words, and of which kind
    "access.user.language": "language",
    "access.approvalrequest.status": "approval",
}
