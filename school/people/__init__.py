"""Organisations, members, memberships and appointments, and who may see whom."""
