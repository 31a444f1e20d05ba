"""The end of a business day: an ordered list of steps that the apps above add to, run once, resumable."""
