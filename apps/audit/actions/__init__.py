"""Entering what was done into the book."""

from apps.audit.actions import exports
from apps.audit.actions.operations import OpenOperation, operation, record

__all__ = ["OpenOperation", "exports", "operation", "record"]
