"""What the ways to reach a person are called on a screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from apps.core.registry import Word
from apps.customers.domain.contact import Channel, ContactKind

Words = Mapping[str, Word]

CHANNELS: Words = {
    Channel.APP: Word(_("App")),
    Channel.SMS: Word(_("Text message")),
    Channel.EMAIL: Word(_("E-mail")),
    Channel.WECHAT: Word(_("WeChat")),
    Channel.QQ: Word(_("QQ")),
    Channel.CALL: Word(_("Telephone call")),
}
KINDS: Words = {
    ContactKind.APP: Word(_("App")),
    ContactKind.PHONE: Word(_("Telephone")),
    ContactKind.EMAIL: Word(_("E-mail")),
    ContactKind.WECHAT: Word(_("WeChat")),
    ContactKind.QQ: Word(_("QQ")),
}
LANGUAGES: Words = {"en": Word("English"), "zh-hans": Word("简体中文")}
FACTS: Words = {
    "personal_values": Word(_("Personal values in the trail")),
    "last_money_date": Word(_("Last entry of money")),
    "last_collection_date": Word(_("Last record of collecting")),
    "last_message_date": Word(_("Last message")),
}
RECORDS: Words = {
    "money": Word(_("Bills and money")),
    "collection": Word(_("Collecting")),
    "message": Word(_("Messages")),
}
WORDS: dict[str, Words] = {
    "channel": CHANNELS,
    "contact_kind": KINDS,
    "language": LANGUAGES,
    "fact": FACTS,
    "record_class": RECORDS,
}
