"""Shapes taken from real data, as ratios: 30,000 card clients over six months (UCI 350, Yeh and Lien 2009).

Months late of six, as their issuer reported them: none 66.4 %, one 14.8 %, two 6.3 %, three 3.8 %, four 3.2 %, five
1.0 %, six 4.5 %. A month's purchases are 1.8 % of the limit in the median, their logarithm spreads by 1.52, that of
limits by 0.94. Of those two months late a quarter are current a month later, 58 % stay: so a delay is short for most
and long for some. Amounts are scaled to a lender of small purchases; how often somebody buys and the share that stops
for good are ours.
"""

import math
from decimal import Decimal
from random import Random

LATE_SHARES = (0.0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 1.0)
LATE_SHARE_WEIGHTS = (66.4, 14.8, 6.3, 3.8, 3.2, 1.0, 4.5)
STOPS_ABOVE = 0.4  # late share above which a person may stop paying for good
STOPS_SHARE = 0.35
STOPS_WITHIN_DAYS = 240
PURCHASE_OF_LIMIT = (math.log(0.0177), 1.52)  # mean and deviation of the logarithm
LIMIT = (math.log(8_000), 0.94)
PURCHASES_A_MONTH = 0.6
ONE_CARD_IN = 8  # people; ours
CARD_HISTORY_DAYS = 25  # bought before the first close: the first statement's
INSTALMENTS = (1, 3, 6, 12, 24)
INSTALMENT_WEIGHTS = (62, 20, 12, 5, 1)
SHORT_DELAY_DAYS = 7.0  # mean of an occasional payer's delay
LONG_DELAY_DAYS = 34.0  # mean of a habitual one's
SMALLEST, LARGEST_LIMIT = Decimal("19.90"), Decimal("50000.00")


def limit(chance: Random) -> Decimal:
    """A credit limit in steps of 500."""
    drawn = Decimal(round(chance.lognormvariate(*LIMIT) / 500) * 500)
    return max(Decimal(500), min(drawn, LARGEST_LIMIT)).quantize(Decimal("0.01"))


def purchase_amount(chance: Random, of_limit: Decimal) -> Decimal:
    """What one purchase costs, below a third of the limit."""
    drawn = Decimal(str(round(chance.lognormvariate(*PURCHASE_OF_LIMIT) * float(of_limit), 2)))
    return max(SMALLEST, min(drawn, (of_limit / 3).quantize(Decimal("0.01")))).quantize(Decimal("0.01"))


def delay_days(chance: Random, late_share: float) -> int:
    """How many days after the due date a missed payment comes, at least one."""
    mean = SHORT_DELAY_DAYS if late_share < STOPS_ABOVE else LONG_DELAY_DAYS
    return 1 + int(chance.expovariate(1 / mean))
