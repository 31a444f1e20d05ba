"""The book of what was done: append-only, sealed, verifiable."""
