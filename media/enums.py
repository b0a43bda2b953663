"""States of a video, of one run of the transcoder, of an upload and of a caption track."""

from django.db import models


class VideoState(models.TextChoices):
    UPLOADED = "uploaded", "已上传"
    QUEUED = "queued", "等待转码"
    TRANSCODING = "transcoding", "转码中"
    READY = "ready", "可播放"
    FAILED = "failed", "转码失败"
    CANCELLED = "cancelled", "已取消"


VIDEO_MOVES: dict[str, frozenset[str]] = {
    VideoState.UPLOADED: frozenset({VideoState.QUEUED}),
    # a replaced file or a repeated request starts over from wherever the video is
    VideoState.QUEUED: frozenset({VideoState.QUEUED, VideoState.TRANSCODING, VideoState.FAILED, VideoState.CANCELLED}),
    VideoState.TRANSCODING: frozenset(
        {
            *(VideoState.QUEUED, VideoState.TRANSCODING, VideoState.READY),
            *(VideoState.FAILED, VideoState.CANCELLED),
        }
    ),
    VideoState.READY: frozenset({VideoState.QUEUED}),
    VideoState.FAILED: frozenset({VideoState.QUEUED, VideoState.TRANSCODING}),
    VideoState.CANCELLED: frozenset({VideoState.QUEUED}),
}


class RunState(models.TextChoices):
    """How one run of the transcoder ended. LOST: its worker died; OVERTAKEN: a newer request made it pointless."""

    RUNNING = "running", "进行中"
    PUBLISHED = "published", "已发布"
    FAILED = "failed", "失败"
    CANCELLED = "cancelled", "已取消"
    OVERTAKEN = "overtaken", "已被新请求取代"
    LOST = "lost", "中断"


RUN_MOVES: dict[str, frozenset[str]] = {
    RunState.RUNNING: frozenset(
        {RunState.PUBLISHED, RunState.FAILED, RunState.CANCELLED, RunState.OVERTAKEN, RunState.LOST}
    ),
}


class UploadState(models.TextChoices):
    RECEIVING = "receiving", "上传中"
    CHECKING = "checking", "检查中"
    DONE = "done", "已入库"
    REFUSED = "refused", "未通过检查"
    ABANDONED = "abandoned", "已放弃"


UPLOAD_MOVES: dict[str, frozenset[str]] = {
    UploadState.RECEIVING: frozenset({UploadState.CHECKING, UploadState.REFUSED, UploadState.ABANDONED}),
    # parts that the disk lost are asked for again; a worker that died leaves the parts, and checking starts over
    UploadState.CHECKING: frozenset({UploadState.RECEIVING, UploadState.DONE, UploadState.REFUSED}),
}


class CaptionSource(models.TextChoices):
    UPLOADED = "uploaded", "上传文件"
    EMBEDDED = "embedded", "取自视频"
    RECOGNISED = "recognised", "语音识别"
    TYPED = "typed", "手工录入"


class CaptionState(models.TextChoices):
    """A draft is seen by editors only: what a machine heard is read by a person before members see it."""

    DRAFT = "draft", "待校对"
    PUBLISHED = "published", "已发布"


CAPTION_MOVES: dict[str, frozenset[str]] = {
    CaptionState.DRAFT: frozenset({CaptionState.PUBLISHED}),
    CaptionState.PUBLISHED: frozenset({CaptionState.DRAFT}),
}


class HearingState(models.TextChoices):
    """How far the speech recognition of one video has come."""

    QUEUED = "queued", "等待识别"
    RUNNING = "running", "正在识别"
    DONE = "done", "已完成"
    FAILED = "failed", "未成功"


HEARING_MOVES: dict[str, frozenset[str]] = {
    # a job whose workers died is delivered again, and given up at last; then a person may ask anew
    HearingState.QUEUED: frozenset({HearingState.QUEUED, HearingState.RUNNING, HearingState.FAILED}),
    HearingState.RUNNING: frozenset(
        {HearingState.QUEUED, HearingState.RUNNING, HearingState.DONE, HearingState.FAILED}
    ),
    HearingState.DONE: frozenset({HearingState.QUEUED}),
    HearingState.FAILED: frozenset({HearingState.QUEUED}),
}


class Language(models.TextChoices):
    """Languages of captions, as BCP 47 tags."""

    CHINESE = "zh-Hans", "中文"
    TRADITIONAL = "zh-Hant", "繁体中文"
    ENGLISH = "en", "英语"
    TIBETAN = "bo", "藏语"
    UYGHUR = "ug", "维吾尔语"
    MONGOLIAN = "mn", "蒙古语"
    KAZAKH = "kk", "哈萨克语"


class LeftoverKind(models.TextChoices):
    """Files that nothing names: what the clean-up finds."""

    GENERATION = "generation", "旧的播放版本"
    DELETED = "deleted", "已删除视频的播放文件"
    WORK = "work", "转码中断留下的临时文件"
    PART = "part", "放弃的上传"
    ORIGINAL = "original", "没有入库的原文件"
    RENDITION = "rendition", "已删除图片的缩略图"
