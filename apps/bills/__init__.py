"""What is owed and what was paid: purchases, instalments, ledger, allocation, aging."""
