"""Pages of the shell, approvals and staff."""
