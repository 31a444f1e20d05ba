"""Repayment files: fingerprinted, checked as a whole, and taken a part at a time."""

from apps.bills.actions.receipts.files import CHUNK, PARTITIONS, Report, receive, take

__all__ = ["CHUNK", "PARTITIONS", "Report", "receive", "take"]
