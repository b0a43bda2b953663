"""Lessons, assignments and members' progress through them."""
