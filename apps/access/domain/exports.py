"""How far an export of the trail has come."""

from enum import StrEnum


class ExportState(StrEnum):
    """From the wish to the file, or to the reason why there is none."""

    ASKED = "asked"  # in clear: somebody must agree first
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNFINISHED = (ExportState.WAITING, ExportState.RUNNING)
OF_PEOPLE = ("actor", "on_behalf_of")  # filters that know people by identifiers
