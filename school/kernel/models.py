"""What every package leans on: the audit trail, background jobs, and the worker's pulse."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from school.kernel.enums import JobState


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that count are written once: bulk changes are refused like single ones."""

    def update(self, **values: Any) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is append-only: write a new row that names the old one.")

    def delete(self) -> NoReturn:
        raise TypeError(f"{self.model.__name__} is append-only: rows are never deleted.")


class AppendOnlyModel(models.Model):
    """A row that is inserted once. Database triggers (see kernel.triggers) hold the same line below the ORM."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only: write a new row that names the old one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(f"{type(self).__name__} is append-only: rows are never deleted.")


class AuditEvent(AppendOnlyModel):
    """Who did what to which object, when and from where; each row seals the one before by its digest."""

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人"
    )
    action = models.CharField("动作", max_length=64, db_index=True)
    target_type = models.CharField("对象类型", max_length=64, blank=True)
    target_id = models.CharField("对象编号", max_length=64, blank=True)
    target_label = models.CharField("对象", max_length=200, blank=True)
    detail = models.JSONField("内容", default=dict)
    address = models.CharField("来源地址", max_length=64, blank=True)
    previous_digest = models.CharField("前一条摘要", max_length=64, blank=True)
    digest = models.CharField("摘要", max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计记录"
        ordering = ["-id"]
        indexes = [models.Index(fields=["target_type", "target_id"])]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class AuditHead(models.Model):
    """The one row that holds the newest audit digest; locking it orders concurrent writers into one chain."""

    digest = models.CharField("最新摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计链头"

    def __str__(self) -> str:
        return self.digest


class BackgroundJob(models.Model):
    """One intention carried out in the background. The queue may deliver it twice; this row makes that harmless."""

    key = models.CharField("去重键", max_length=200, unique=True)
    function = models.CharField("函数", max_length=200)
    arguments = models.JSONField("参数", default=list)
    cluster = models.CharField("队列", max_length=32, default="school")
    state = models.CharField("状态", max_length=16, choices=JobState.choices, default=JobState.QUEUED, db_index=True)
    starts = models.PositiveSmallIntegerField("启动次数", default=0)
    max_starts = models.PositiveSmallIntegerField("最多启动次数", default=3)
    error = models.TextField("错误", blank=True)
    queued_at = models.DateTimeField("排队时间", default=timezone.now)
    started_at = models.DateTimeField("开始时间", null=True)
    finished_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.function} {self.key}"


class Heartbeat(models.Model):
    """When a worker cluster last finished a trivial task: proof that it works, not merely that it lives."""

    cluster = models.CharField("队列", max_length=32, primary_key=True)
    beat_at = models.DateTimeField("最近心跳")

    class Meta:
        verbose_name = verbose_name_plural = "心跳"

    def __str__(self) -> str:
        return self.cluster
