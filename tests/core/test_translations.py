"""Everything that people read is there in both languages."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from apps.core.management.commands import translations


def test_every_text_has_its_chinese_and_is_compiled() -> None:
    out = StringIO()
    try:
        call_command("translations", "--check", "--json", stdout=out)
    except CommandError as error:
        pytest.fail(f"{error} {out.getvalue()}")

    assert json.loads(out.getvalue())["missing"] == []


def test_texts_are_found_in_python_and_in_templates() -> None:
    python = 'label = _("One" " text"); count = ngettext("%(n)d day", "%(n)d days", n); other = str("none")'
    template = (
        "{% load i18n %}{% translate 'Two' as two %}{{ _('Three')|upper }}"
        "{% blocktranslate count n=n %}{{ n }} bill{% plural %}{{ n }} bills{% endblocktranslate %}"
    )

    assert set(translations.in_python(python)) == {("", "One text", ""), ("", "%(n)d day", "%(n)d days")}
    assert set(translations.in_template(template)) == {
        ("", "Two", ""),
        ("", "Three", ""),
        ("", "%(n)s bill", "%(n)s bills"),
    }


def test_the_compiled_catalogue_is_what_people_see() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext("Approvals") == "审批"
