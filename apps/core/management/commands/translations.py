"""`manage.py translations`: brings the catalogue in line with the texts, without GNU gettext installed."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize

Message = tuple[str, str, str]  # context, singular, plural; what is absent is empty

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "noop"}
PLURALS = {"ngettext", "ngettext_lazy"}
LITERAL = r"""u?(?:'''(?:[^\\]|\\.)*?'''|\"\"\"(?:[^\\]|\\.)*?\"\"\"|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
IN_TEMPLATE = re.compile(rf"\b(n?p?gettext|_)\(\s*({LITERAL})(?:\s*,\s*({LITERAL}))?(?:\s*,\s*({LITERAL}))?", re.DOTALL)
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
LANGUAGE = "zh_Hans"
HEADER = {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Plural-Forms": "nplurals=1; plural=0;",
}


class Command(BaseCommand):
    help = "Collects the texts of templates and Python, updates the Chinese catalogue and compiles it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Only look, and how to print."""
        parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is out of step")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Update and compile, or check; say what has no translation."""
        catalogue, compiled = paths()
        updated = updated_catalogue(catalogue)
        binary = updated.to_binary()
        if options["check"]:
            found = {"stale": _text(catalogue) != str(updated), "uncompiled": not _is(compiled, binary)}
        else:
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.write_text(str(updated), encoding="utf-8")
            compiled.write_bytes(binary)
            found = {"stale": False, "uncompiled": False}
        missing = [entry.msgid for entry in updated if not _is_translated(entry)]
        wrong = [entry.msgid for entry in updated if _is_translated(entry) and not _keeps_placeholders(entry)]
        summary = {"messages": len(updated), "missing": missing, "wrong_placeholders": wrong, **found}
        self.stdout.write(json.dumps(summary, ensure_ascii=False) if options["json"] else _words(summary))
        if options["check"] and (missing or wrong or any(found.values())):
            raise CommandError(
                "The translations are out of step: run manage.py translations and fill in what is missing."
            )


def paths() -> tuple[Path, Path]:
    """The catalogue and its compiled form."""
    folder = Path(settings.LOCALE_PATHS[0]) / LANGUAGE / "LC_MESSAGES"
    return folder / "django.po", folder / "django.mo"


def updated_catalogue(path: Path) -> polib.POFile:
    """The catalogue with every text in use and no other, keeping the translations that there are."""
    known = {}
    if path.exists():
        known = {(e.msgctxt or "", e.msgid, e.msgid_plural): e for e in polib.pofile(str(path)) if not e.obsolete}
    updated = polib.POFile(wrapwidth=110)
    updated.metadata = dict(HEADER)
    for message, places in sorted(messages(Path(settings.BASE_DIR)).items()):
        context, singular, plural = message
        entry = known.get(message) or polib.POEntry(msgid=singular, msgctxt=context or None, msgid_plural=plural)
        if plural and not entry.msgstr_plural:
            entry.msgstr_plural = {0: ""}
        entry.occurrences = [(place, "") for place in places]
        updated.append(entry)
    return updated


def messages(root: Path) -> dict[Message, list[str]]:
    """Every text in use, with the files that use it."""
    found: dict[Message, set[str]] = {}
    for path in sorted([*root.glob("apps/**/*.py"), *root.glob("config/**/*.py"), *root.glob("templates/**/*.html")]):
        text = path.read_text(encoding="utf-8")
        for message in in_template(text) if path.suffix == ".html" else in_python(text):
            found.setdefault(message, set()).add(str(path.relative_to(root)))
    return {message: sorted(places) for message, places in found.items()}


def in_python(source: str) -> Iterator[Message]:
    """The texts that a module marks; a text that is put together is not one."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name | ast.Attribute):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
        texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name in CALLS and texts and len(node.args) == 1:
            yield "", texts[0], ""
        elif name in PLURALS and len(texts) >= 2:
            yield "", texts[0], texts[1]
        elif name in {"pgettext", "pgettext_lazy"} and len(texts) == 2:
            yield texts[0], texts[1], ""


def in_template(source: str) -> Iterator[Message]:
    """The texts that a template marks."""
    for call in IN_TEMPLATE.finditer(templatize(source)):
        name, *literals = call.groups()
        texts = [ast.literal_eval(literal.removeprefix("u")) for literal in literals if literal]
        context = texts.pop(0) if "p" in name else ""
        yield context, texts[0], texts[1] if name.startswith("n") else ""


def _is_translated(entry: polib.POEntry) -> bool:
    return all(entry.msgstr_plural.values()) if entry.msgid_plural else bool(entry.msgstr)


def _keeps_placeholders(entry: polib.POEntry) -> bool:
    wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    texts = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return all(set(PLACEHOLDER.findall(text)) == wanted for text in texts)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _is(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() == content


def _words(summary: dict[str, Any]) -> str:
    lines = [f"{summary['messages']} texts, {len(summary['missing'])} without a translation."]
    lines += [f"  missing: {text}" for text in summary["missing"]]
    lines += [f"  placeholders differ: {text}" for text in summary["wrong_placeholders"]]
    return "\n".join(lines)
