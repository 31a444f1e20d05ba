"""How a customer may be reached: conduct gate, templates, outbox, providers, receipts."""
