"""Files of repayments: fingerprinted, checked as a whole, and taken a part at a time."""

from apps.bills.actions.receipts.files import PARTITIONS, Report, receive, take

__all__ = ["PARTITIONS", "Report", "receive", "take"]
