"""Nobody but outreach writes messages, decisions and calls: no contact passes beside the gate."""

import ast
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent
OURS = {"Message", "GateDecision", "CallAttempt"}
TABLES = ("outreach_message", "outreach_gatedecision", "outreach_callattempt")
WRITES = {"create", "bulk_create", "get_or_create", "update_or_create"}


def _makes(module: Path) -> Iterator[str]:
    """Where a module makes a row of ours, as a model or through its manager, in SQL or by COPY."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            words = ast.unparse(node.func).split(".")
            model = words[-3] if words[-1] in WRITES and len(words) > 2 else words[-1]
            if model in OURS:
                yield f"{module.relative_to(CHECKOUT)}:{node.lineno}"
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            starts = node.value.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "COPY"))
            if starts and any(table in node.value for table in TABLES):
                yield f"{module.relative_to(CHECKOUT)}:{node.lineno}"


def test_only_outreach_writes_messages_decisions_and_calls() -> None:
    modules = [path for path in (CHECKOUT / "apps").rglob("*.py") if "migrations" not in path.parts]
    ours = CHECKOUT / "apps" / "outreach" / "actions"
    statements = [
        path
        for path in (CHECKOUT / "apps").rglob("*.sql")
        if not path.is_relative_to(CHECKOUT / "apps" / "outreach")
        for table in TABLES
        if any(f"{verb} {table}" in path.read_text(encoding="utf-8") for verb in ("INTO", "UPDATE", "DELETE FROM"))
    ]

    elsewhere = [place for module in modules if not module.is_relative_to(ours) for place in _makes(module)]

    assert elsewhere + statements == []
    assert any(list(_makes(module)) for module in modules if module.is_relative_to(ours))
