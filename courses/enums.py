"""Choices of lessons and assignments."""

from django.db import models

from school.people.enums import Taxonomy


class Series(models.TextChoices):
    MICRO_LESSON = "micro_lesson", "微党课"
    LEAGUE_MICRO_LESSON = "league_micro_lesson", "微团课"


class Audience(models.TextChoices):
    ALL = "all", "全体党员"
    NEW_PARTY_WORKERS = "new_party_workers", "新任党务工作者"


class MaxRate(models.IntegerChoices):
    """The fastest playing speed of a lesson, in percent; its time budget grows at the same rate."""

    ONE = 100, "1.0 倍"
    ONE_AND_A_QUARTER = 125, "1.25 倍"
    ONE_AND_A_HALF = 150, "1.5 倍"
    TWO = 200, "2.0 倍"


class Uncounted(models.TextChoices):
    """Why a watched piece does not count (yet), in the words that the member reads."""

    AHEAD = "ahead", "跳过了前面，没有按顺序看"
    BUDGET = "budget", "超出了时间额度，稍后会自动补上"
    PRESENCE = "presence", "没有回应在场确认"
    QUESTION = "question", "前面的片中提问还没有回答"


# The picture of a lesson in lists, by its topic.
COVERS: dict[str, str] = {
    Taxonomy.THOUGHT: "kernel/img/cover-book.svg",
    Taxonomy.ORGANISATION: "kernel/img/cover-grid.svg",
    Taxonomy.CONDUCT: "kernel/img/cover-city.svg",
    Taxonomy.INTEGRITY: "kernel/img/cover-hills.svg",
    Taxonomy.INSTITUTION: "kernel/img/cover-rules.svg",
    Taxonomy.DISCIPLINE: "kernel/img/cover-safety.svg",
}
