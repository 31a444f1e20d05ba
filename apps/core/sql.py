"""Set-based statements, one file each under `apps/<app>/sql/`."""

from functools import cache
from pathlib import Path

APPS = Path(__file__).resolve().parent.parent


@cache
def load(app: str, name: str) -> str:
    """The text of `apps/<app>/sql/<name>.sql`."""
    return (APPS / app / "sql" / f"{name}.sql").read_text(encoding="utf-8")
