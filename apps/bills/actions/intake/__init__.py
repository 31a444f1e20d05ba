"""Intake of a portfolio: files are staged by COPY, checked whole, and taken whole or refused whole."""

from apps.bills.actions.intake.book import Report, Taken, Turned
from apps.bills.actions.intake.folder import take_folder
from apps.bills.actions.intake.uci import take_uci

__all__ = ["Report", "Taken", "Turned", "take_folder", "take_uci"]
