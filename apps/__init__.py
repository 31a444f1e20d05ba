"""Whiteslip: every app of the back office, one floor each."""
