"""States of a video on its way through the pipeline."""

from django.db import models


class VideoState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    QUEUED = "queued", "等待转码"
    TRANSCODING = "transcoding", "转码中"
    READY = "ready", "可播放"
    FAILED = "failed", "转码失败"


VIDEO_MOVES: dict[str, frozenset[str]] = {
    VideoState.UPLOADED: frozenset({VideoState.QUEUED}),
    # a replaced file or a repeated request starts over from wherever the video is
    VideoState.QUEUED: frozenset({VideoState.QUEUED, VideoState.TRANSCODING, VideoState.FAILED}),
    VideoState.TRANSCODING: frozenset({VideoState.QUEUED, VideoState.TRANSCODING, VideoState.READY, VideoState.FAILED}),
    VideoState.READY: frozenset({VideoState.QUEUED}),
    VideoState.FAILED: frozenset({VideoState.QUEUED, VideoState.TRANSCODING}),
}
