"""Endpoints for approvals and staff."""
