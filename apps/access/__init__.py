"""Who works here, what each may do and who must agree: roles, authority, approvals, delegation."""
