"""The demo's cast: who works for the pretend lender."""

from dataclasses import dataclass

from apps.access.domain.roles import RoleCode

PASSWORD = "white-slip-demo"  # noqa: S105 - printed on the terminal, good for fictitious people only


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works there, and the username of who they report to."""

    username: str
    name: str
    role: RoleCode
    reports_to: str = ""
    language: str = "en"


CAST = (
    Colleague("dora", "Dora Director", RoleCode.DIRECTOR),
    Colleague("maya", "Maya Manager", RoleCode.MANAGER, "dora"),
    Colleague("leo", "Leo Lead", RoleCode.TEAM_LEAD, "maya"),
    Colleague("anna", "Anna Agent", RoleCode.AGENT, "leo"),
    Colleague("bo", "Bo Agent", RoleCode.AGENT, "leo", "zh-hans"),
    Colleague("sven", "Sven Senior", RoleCode.SENIOR_AGENT, "leo"),
    Colleague("cara", "Cara Compliance", RoleCode.COMPLIANCE, "dora"),
    Colleague("otto", "Otto Auditor", RoleCode.AUDITOR),
    Colleague("rita", "Rita Risk", RoleCode.RISK_ANALYST, "dora"),
    Colleague("theo", "Theo Treasury", RoleCode.TREASURY, "dora"),
    Colleague("ada", "Ada Administrator", RoleCode.ADMINISTRATOR),
)
