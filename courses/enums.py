"""Choices of lessons and assignments."""

from django.db import models


class Series(models.TextChoices):
    MICRO_LESSON = "micro_lesson", "微党课"
    LEAGUE_MICRO_LESSON = "league_micro_lesson", "微团课"


class Audience(models.TextChoices):
    ALL = "all", "全体党员"
    NEW_PARTY_WORKERS = "new_party_workers", "新任党务工作者"
