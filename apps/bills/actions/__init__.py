"""Every write of bills: purchases, receipts, posting."""
