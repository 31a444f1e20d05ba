"""The work of collecting: strategy, cases, tasks, contacts, promises."""
