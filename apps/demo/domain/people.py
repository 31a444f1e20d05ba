"""Plainly fictitious people: a stone and a fruit for a name, numbers that no network assigns, example addresses."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from apps.demo.domain import shapes

PREFIX = "DEMO-"
STONES = (
    ("Amber", "琥珀"), ("Jade", "翡翠"), ("Onyx", "玛瑙"), ("Opal", "蛋白石"), ("Pearl", "珍珠"), ("Quartz", "石英"),
    ("Ruby", "红宝"), ("Slate", "板岩"), ("Topaz", "黄玉"), ("Basalt", "玄武"), ("Coral", "珊瑚"), ("Flint", "燧石"),
    ("Garnet", "石榴石"), ("Marble", "大理"), ("Granite", "花岗"), ("Agate", "缟玛"),
)  # fmt: skip
FRUITS = (
    ("Apricot", "杏子"), ("Banana", "香蕉"), ("Cherry", "樱桃"), ("Date", "椰枣"), ("Fig", "无花果"), ("Grape", "葡萄"),
    ("Kumquat", "金橘"), ("Lemon", "柠檬"), ("Lychee", "荔枝"), ("Mango", "芒果"), ("Melon", "甜瓜"),
    ("Papaya", "木瓜"), ("Peach", "桃子"), ("Pear", "梨子"), ("Plum", "李子"), ("Pomelo", "柚子"), ("Quince", "榅桲"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A pretend customer: `late_share` is the share of due dates missed, from `stops_date` on nothing is paid."""

    number: int
    reference: str
    name: str
    language: str
    app: str
    phone: str
    email: str
    wechat: str
    qq: str
    joined_date: dt.date
    limit: Decimal
    late_share: float
    stops_date: dt.date | None
    has_auto_debit: bool

    @property
    def has_card(self) -> bool:
        """Whether they buy by the month, under the product that bills by statements."""
        return self.number % shapes.ONE_CARD_IN == 0

    @property
    def has_mandate(self) -> bool:
        """Whether we debit them ourselves; the others who are debited let their bank do it."""
        return self.has_auto_debit and not self.has_card and self.number % 2 == 1


def person_reference(number: int) -> str:
    """What the n-th person is known by."""
    return f"{PREFIX}{number:05}"


def person(seed: int, number: int, *, start: dt.date) -> Person:
    """The n-th person of a seed: always the same one; they enter the book at its start."""
    chance = Random(f"{seed}:person:{number}")
    stone, fruit = chance.choice(STONES), chance.choice(FRUITS)
    is_chinese = chance.random() < 0.85
    late_share = chance.choices(shapes.LATE_SHARES, shapes.LATE_SHARE_WEIGHTS)[0]
    stops = late_share > shapes.STOPS_ABOVE and chance.random() < shapes.STOPS_SHARE
    return Person(
        number=number,
        reference=person_reference(number),
        name=f"{stone[1]}{fruit[1]}" if is_chinese else f"{stone[0]} {fruit[0]}",
        language="zh-hans" if is_chinese else "en",
        app=person_reference(number) if chance.random() < 0.7 else "",
        phone=f"+861000{number:07}" if chance.random() < 0.9 else "",
        email=f"customer{number:05}@whiteslip.example" if chance.random() < 0.7 else "",
        wechat=f"demo-wx-{number:05}" if chance.random() < 0.8 else "",
        qq=f"{10_000_000_000 + number}" if chance.random() < 0.35 else "",
        joined_date=start - dt.timedelta(chance.randrange(30, 900)),
        limit=shapes.limit(chance),
        late_share=late_share,
        stops_date=start + dt.timedelta(chance.randrange(shapes.STOPS_WITHIN_DAYS)) if stops else None,
        has_auto_debit=chance.random() < 0.4,
    )
