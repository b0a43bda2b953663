"""Signals that travel upward. `attempt_marked` is sent once an attempt's marks are committed, with `attempt`."""

from django.dispatch import Signal

attempt_marked = Signal()
