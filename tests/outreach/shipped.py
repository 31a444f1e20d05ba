"""The shipped conduct rules, parsed, for tests that need no database."""

from apps.outreach.domain import rules
from apps.outreach.queries import shipped

RULES = tuple(rules.parse(row["code"], row["version"], row["kind"], row["parameters"]) for row in shipped.load("rules"))
