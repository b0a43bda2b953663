"""Images, documents and the video pipeline. It knows no lesson and no member's progress."""
