"""PostgreSQL and the broker out of the Python environment, for a machine that has neither."""
