"""How much each may borrow and on what terms."""
