"""The ways in which a person can be reached."""

from enum import StrEnum


class Channel(StrEnum):
    """A channel of contact."""

    APP = "app"
    SMS = "sms"
    EMAIL = "email"
    WECHAT = "wechat"
    QQ = "qq"
    CALL = "call"


class ContactKind(StrEnum):
    """What a contact point is; a phone serves both calls and text messages."""

    APP = "app"
    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    QQ = "qq"


SERVED_BY: dict[Channel, ContactKind] = {
    Channel.APP: ContactKind.APP,
    Channel.SMS: ContactKind.PHONE,
    Channel.CALL: ContactKind.PHONE,
    Channel.EMAIL: ContactKind.EMAIL,
    Channel.WECHAT: ContactKind.WECHAT,
    Channel.QQ: ContactKind.QQ,
}
