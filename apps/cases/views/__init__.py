"""Pages of the work of collecting."""
