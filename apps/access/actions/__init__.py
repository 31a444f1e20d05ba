"""Writes about people, roles, sessions and approvals."""
