"""What a command used of the machine."""

import re
from pathlib import Path


def peak_megabytes() -> float:
    """The most memory that this process has held; `ru_maxrss` would count what its parent held when it forked."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kilobytes = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert kilobytes is not None
    return round(int(kilobytes[1]) / 1024, 1)
