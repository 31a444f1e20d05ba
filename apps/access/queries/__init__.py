"""Questions about people, roles, authority and approvals."""
