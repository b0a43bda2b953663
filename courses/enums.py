"""Choices of lessons and assignments."""

from django.db import models

from school.people.enums import Taxonomy


class Series(models.TextChoices):
    MICRO_LESSON = "micro_lesson", "微党课"
    LEAGUE_MICRO_LESSON = "league_micro_lesson", "微团课"


class Audience(models.TextChoices):
    ALL = "all", "全体党员"
    NEW_PARTY_WORKERS = "new_party_workers", "新任党务工作者"


# The picture of a lesson in lists, by its topic.
COVERS: dict[str, str] = {
    Taxonomy.THOUGHT: "kernel/img/cover-book.svg",
    Taxonomy.ORGANISATION: "kernel/img/cover-grid.svg",
    Taxonomy.CONDUCT: "kernel/img/cover-city.svg",
    Taxonomy.INTEGRITY: "kernel/img/cover-hills.svg",
    Taxonomy.INSTITUTION: "kernel/img/cover-rules.svg",
    Taxonomy.DISCIPLINE: "kernel/img/cover-safety.svg",
}
