"""Choices of lessons and assignments."""

from django.db import models


class Series(models.TextChoices):
    MICRO_LESSON = "micro_lesson", "微党课"
    LEAGUE_MICRO_LESSON = "league_micro_lesson", "微团课"


class Taxonomy(models.TextChoices):
    THOUGHT = "thought", "思想建设"
    ORGANISATION = "organisation", "组织建设"
    CONDUCT = "conduct", "作风建设"
    INTEGRITY = "integrity", "反腐倡廉"
    INSTITUTION = "institution", "制度建设"
    DISCIPLINE = "discipline", "纪律建设"


class Audience(models.TextChoices):
    ALL = "all", "全体党员"
    NEW_PARTY_WORKERS = "new_party_workers", "新任党务工作者"
