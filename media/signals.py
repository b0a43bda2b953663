"""What media tells those above it."""

from django.dispatch import Signal

# What members can read of a video's captions has changed, or may have. Sent after commit; arguments: video_id.
captions_changed = Signal()
