import datetime as dt
from decimal import Decimal

from apps.bills.domain import schedule
from apps.bills.domain.kinds import Mode
from apps.bills.domain.terms import Terms
from apps.demo.domain import timeline
from apps.demo.domain.timeline import Timeline

TERMS = Terms(Mode.ORDER, monthly_fee_rate=Decimal("0.006"), late_fee_daily_rate=Decimal("0.0005"))
START, END = dt.date(2026, 1, 1), dt.date(2026, 8, 31)


def draw(seed: int, end: dt.date = END) -> Timeline:
    return timeline.draw(seed, 200, TERMS, start=START, end=end)


def test_the_same_seed_draws_the_same_lives() -> None:
    assert draw(7) == draw(7)


def test_another_seed_draws_other_lives() -> None:
    assert draw(7).people != draw(8).people


def test_a_later_end_only_adds_to_the_lives() -> None:
    short = draw(7, END - dt.timedelta(60))
    long = draw(7)

    assert long.people == short.people
    assert long.buys_between(START, END - dt.timedelta(60)) == short.buys_between(START, END)


def test_nobody_buys_above_the_limit() -> None:
    limits = {person.number: person.limit for person in draw(7).people}

    assert all(buy.amount <= limits[buy.person] for buy in draw(7).buys_between(START, END))


def test_everything_is_plainly_fictitious() -> None:
    people = draw(7).people

    assert {person.phone[:6] for person in people if person.phone} == {"+86100"}  # no network assigns it
    assert {person.email.partition("@")[2] for person in people if person.email} == {"whiteslip.example"}


def test_whoever_is_never_late_pays_each_share_by_its_due_date() -> None:
    drawn = draw(7)
    punctual = {person.number for person in drawn.people if not person.late_share}
    buys = {buy.reference: buy for buy in drawn.buys_between(START, END) if buy.person in punctual}
    pays = [pay for pay in drawn.pays_between(START, END + dt.timedelta(800)) if pay.purchase in buys]

    assert len(pays) == sum(buy.instalments for buy in buys.values())
    for pay in pays:
        buy = buys[pay.purchase]
        share = schedule.shares(buy.amount, buy.date, buy.instalments, TERMS)[int(pay.reference[-2:]) - 1]
        assert (pay.amount, pay.date <= share.due_date) == (share.amount, True)


def test_some_are_late_and_some_stop_for_good() -> None:
    people = draw(7).people

    assert 0.25 < sum(person.late_share > 0 for person in people) / len(people) < 0.45  # 33.6 % in the real data
    assert any(person.stops_date for person in people)
