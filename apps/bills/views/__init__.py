"""Pages of customers, bills and money."""
