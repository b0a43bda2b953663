"""States of a background job."""

from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "失败"
    QUARANTINED = "quarantined", "已隔离"


JOB_MOVES: dict[str, frozenset[str]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.QUARANTINED}),
    JobState.RUNNING: frozenset({JobState.RUNNING, JobState.DONE, JobState.FAILED, JobState.QUARANTINED}),
    JobState.FAILED: frozenset({JobState.RUNNING, JobState.QUARANTINED}),
}
