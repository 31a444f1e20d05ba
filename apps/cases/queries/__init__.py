"""Every question about cases."""
