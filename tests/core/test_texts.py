"""Sentences that can be said again in another language."""

from django.utils import translation
from django.utils.translation import gettext_lazy

from apps.core import texts
from apps.core.texts import gettext as _


def test_a_text_reads_in_the_readers_language_and_is_kept_in_english() -> None:
    with translation.override("zh-hans"):
        text = _("%(reference)s: %(status)s.") % {"reference": "A-1", "status": _("Approved"), "unused": 3}

    assert text == "A-1：已批准。"
    assert texts.english(text) == "A-1: Approved."
    assert texts.origin(text) == {
        "msgid": "%(reference)s: %(status)s.",
        "words": {"reference": "A-1", "status": {"msgid": "Approved"}},
    }


def test_a_text_is_said_again_in_any_language() -> None:
    count = texts.ngettext("%(days)s day", "%(days)s days", 2) % {"days": 2}
    lazy = _("%(label)s") % {"label": gettext_lazy("Approved")}

    with translation.override("zh-hans"):
        roles = texts.listed([_("Agent"), "night"])
        said = [texts.say(texts.origin(text) or text) for text in (count, lazy, roles)]

    assert (texts.english(count), texts.english(lazy), texts.english(roles)) == ("2 days", "Approved", "Agent, night")
    assert said == ["2 days", "已批准", "催收员、night"]


def test_a_text_without_words_needs_nothing_beside_its_english() -> None:
    assert texts.origin(_("Approved")) is None
    assert texts.origin("plain") is None
    assert texts.english("plain") == "plain"
