"""Money, dates and the word for "no"."""
