"""What imports cannot show: where writes happen, who reads the clock, what every app and every model must say.

The tree is walked, so that an app that appears later is held to the same.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from django.apps import apps as installed

from apps.core.models import Record

CHECKOUT = Path(__file__).resolve().parent.parent
APPS = sorted(path.parent for path in (CHECKOUT / "apps").glob("*/__init__.py"))
DOORS = {"views", "api", "tasks", "middleware", "management", "apps"}
OWN_CLOCK = {"apps/audit/sql/functions.sql"}  # the book notes when a row was written beside when it happened
# They only reckon: no files, no network, no clock.
RECKON = {"chinese_calendar", "cryptography", "jsonschema", "numpy", "pyotp", "pyxirr", "scipy"}
WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
WRITES_BY_NAME = {"create", "update"}  # of a manager, whose arguments are all named; a dict's or a hash's are not
CLOCKS = {"timezone.now", "timezone.localdate", "timezone.localtime", "dt.datetime.now", "dt.date.today"}
CLOCKS |= {"datetime.now", "datetime.datetime.now", "datetime.today", "date.today", "datetime.date.today"}
CLOCKS |= {"datetime.utcnow", "dt.datetime.utcnow", "time.time", "functions.Now", "Now"}
WRITING_SQL = re.compile(
    r"\b(INSERT\s+INTO|DELETE\s+FROM|TRUNCATE\s+TABLE|MERGE\s+INTO|COPY\s[^;]+\sFROM)\b"
    r"|\bUPDATE\s+(ONLY\s+)?[\w.\"{}]+(\s+(AS\s+)?\w+)?\s+SET\b"
)
BEGINS_SQL = re.compile(r"\s*(WITH|INSERT|DELETE|TRUNCATE|MERGE|COPY|UPDATE)\b")
CLOCK_SQL = re.compile(r"\b(now\(\)|clock_timestamp\(\)|current_(date|timestamp)|localtimestamp)", re.IGNORECASE)


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def place(self) -> str:
        return str(self.path.relative_to(CHECKOUT))

    @property
    def app(self) -> str:
        return self.path.relative_to(CHECKOUT).parts[1]

    @property
    def room(self) -> str:
        return self.path.relative_to(CHECKOUT).parts[2].removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"))

    def at(self, node: ast.AST) -> str:
        return f"{self.place}:{getattr(node, 'lineno', 1)}"

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))


def modules(*rooms: str) -> list[Module]:
    """The modules of our apps, of these rooms or of all."""
    found = (Module(path) for app in APPS for path in sorted(app.rglob("*.py")) if path.parent.name != "migrations")
    return [module for module in found if not rooms or module.room in rooms]


def statements() -> list[Path]:
    return [path for app in APPS for path in sorted((app / "sql").rglob("*.sql"))]


def without_comments(sql: Path) -> str:
    return re.sub(r"--.*", "", sql.read_text(encoding="utf-8"))


def dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def test_every_app_has_its_floor_and_its_rooms_checked() -> None:
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        floors, rooms, *_ = tomllib.load(file)["tool"]["importlinter"]["contracts"]

    names = {app.name for app in APPS}
    assert names == set(floors["layers"])
    assert {f"apps.{name}" for name in names} == set(rooms["containers"])


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_an_app_says_in_one_sentence_what_it_is_for(app: Path) -> None:
    sentence = ast.get_docstring(ast.parse((app / "__init__.py").read_text(encoding="utf-8"))) or ""

    assert re.fullmatch(r"[A-Z][^\n]{20,130}[.\"]", sentence), sentence


def test_decisions_import_nothing_but_the_standard_library_other_decisions_and_what_only_reckons() -> None:
    foreign = []
    for module in modules("domain"):
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            for name in names:
                ours = re.match(r"apps\.\w+\.domain\b", name)
                if not ours and name.partition(".")[0] not in sys.stdlib_module_names | RECKON:
                    foreign.append(f"{module.at(node)} {name}")
    assert foreign == []


def _changes_rows(sql: str) -> bool:
    """Whether running it writes; a function's body only says what it would write."""
    return bool(WRITING_SQL.search(sql)) and not re.search(r"\bCREATE\s+(OR\s+REPLACE\s+)?FUNCTION\b", sql)


def _writes(module: Module) -> Iterator[str]:
    for call in module.calls():
        if isinstance(call.func, ast.Attribute):
            name = call.func.attr
            named = bool(call.keywords) and not call.args
            deletes = name == "delete" and not call.args
            passed_on = name == "save" and dotted(getattr(call.func.value, "func", call.func)) == "super"
            if not passed_on and (name in WRITES or deletes or (name in WRITES_BY_NAME and named)):
                yield f"{module.at(call)} .{name}()"
        if dotted(call.func) in {"sql.load", "load"} and len(call.args) == 2:
            app, stem = (str(argument.value) if isinstance(argument, ast.Constant) else "" for argument in call.args)
            file = CHECKOUT / "apps" / app / "sql" / f"{stem}.sql"
            if file.is_file() and _changes_rows(without_comments(file)):
                yield f"{module.at(call)} {file.name}"
    for node in ast.walk(module.tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if module.room != "domain" and BEGINS_SQL.match(text) and WRITING_SQL.search(text):
            yield f"{module.at(node)} {text.strip()[:40]}"


def is_benchmark(path: Path) -> bool:
    return any(part.startswith("benchmark") for part in path.relative_to(CHECKOUT).parts)


def test_only_actions_write() -> None:
    """A benchmark writes too: the reference that the actions are measured against, in tables of its own."""
    others = [module for module in modules() if module.room != "actions"]
    elsewhere = [write for module in others if not is_benchmark(module.path) for write in _writes(module)]

    assert elsewhere == []


def test_every_action_is_told_by_whom_and_when() -> None:
    untold = []
    for module in modules("actions"):
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            named = {argument.arg for argument in node.args.kwonlyargs}
            told = {"by", "at"} <= named
            # A step of the close is told by the context that the close hands to it.
            step = any(dotted(argument.annotation or node) == "StepContext" for argument in node.args.args)
            if not told and not step:
                untold.append(f"{module.at(node)} {node.name}")
    assert untold == []


def test_only_doors_read_the_clock() -> None:
    readers = [
        f"{module.at(node)} {dotted(node)}"
        for module in modules()
        if module.room not in DOORS
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node) in CLOCKS
    ]
    files = [str(file.relative_to(CHECKOUT)) for file in statements() if CLOCK_SQL.search(without_comments(file))]

    assert readers + sorted({*files} - OWN_CLOCK) == []


def test_every_statement_says_what_it_promises() -> None:
    silent = [file.name for file in statements() if not file.read_text(encoding="utf-8").startswith("-- ")]

    assert silent == []


def test_no_file_is_longer_than_300_lines() -> None:
    files = [path for folder in ("apps", "config") for path in (CHECKOUT / folder).rglob("*.py")]
    lengths = {str(path.relative_to(CHECKOUT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}

    assert {name: lines for name, lines in lengths.items() if lines > 300 and "/migrations/" not in name} == {}


def test_no_test_sleeps() -> None:
    sleepers = [
        module.at(call)
        for module in map(Module, sorted((CHECKOUT / "tests").rglob("*.py")))
        for call in module.calls()
        if dotted(call.func) in {"time.sleep", "sleep"}
    ]
    assert sleepers == []


def test_no_lock_file_names_a_registrys_host() -> None:
    hosts = [
        f"{lock.name}: {line}"
        for lock in CHECKOUT.glob("*.lock")
        for line in lock.read_text(encoding="utf-8").splitlines()
        if "://" in line or line.startswith("-")
    ]
    assert hosts == []


OURS = [model for app in installed.get_app_configs() if app.name.startswith("apps.") for model in app.get_models()]


@pytest.mark.parametrize(
    "model", [model for model in OURS if model._meta.app_label != "audit"], ids=lambda m: m.__name__
)
def test_every_model_says_how_the_audit_takes_it(model: type[Record]) -> None:
    assert issubclass(model, Record)
    assert isinstance(model.append_only, bool)
    assert model.audit_exempt == "" or len(model.audit_exempt) > 20
    names = {field.name for field in model._meta.get_fields()}
    assert set(model.personal_fields) <= names


def test_what_is_refused_is_said_so_that_the_trail_can_say_it_in_any_language() -> None:
    refusing = [module for module in modules() if "Refused(" in module.path.read_text(encoding="utf-8")]
    wrong = [
        module.at(node)
        for module in refusing
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in ("gettext", "ngettext")
    ]

    assert wrong == []
