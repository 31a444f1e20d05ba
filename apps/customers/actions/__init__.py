"""Every write of customers."""
