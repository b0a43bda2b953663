"""Notices to members: what was said to whom, when, and whether it was read."""
