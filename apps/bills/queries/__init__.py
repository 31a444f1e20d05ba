"""Every question about bills and the ledger."""
