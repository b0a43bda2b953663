"""Papers (which questions, which marks) and exams (who may sit which paper when, and what passes)."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from exams.enums import ExamKind, Sharing
from exams.kinds.policies import DEFAULT_POLICY, POLICY_CHOICES
from exams.models.authorship import AuthoredQuerySet
from exams.models.questions import QuestionVersion
from school.people.enums import Visibility
from school.people.models import Organisation
from school.people.models.content import visible_content

if TYPE_CHECKING:
    from school.people.models import User


class PaperQuerySet(AuthoredQuerySet):
    def with_totals(self) -> "PaperQuerySet":
        """With `size` (questions) and `full_mark`."""
        return self.annotate(size=models.Count("slots"), full_mark=models.Sum("slots__mark"))


class Paper(models.Model):
    """A fixed choice of question versions with their marks and the policy for multiple choice."""

    title = models.CharField("名称", max_length=120)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="所属组织")
    visibility = models.CharField("使用范围", max_length=12, choices=Sharing.choices, default=Sharing.INTERNAL)
    multiple_policy = models.CharField("多选计分", max_length=40, choices=POLICY_CHOICES, default=DEFAULT_POLICY)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "试卷"
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    @property
    def total(self) -> Decimal:
        return sum((slot.mark for slot in self.slots.all()), Decimal(0))


class PaperSlot(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField("题序")
    version = models.ForeignKey(QuestionVersion, models.PROTECT, related_name="slots", verbose_name="题目")
    mark = models.DecimalField("分值", max_digits=5, decimal_places=2)

    class Meta:
        verbose_name = verbose_name_plural = "试卷题目"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="slot_position_once"),
            # The same question twice on one paper would count one piece of knowledge double.
            models.UniqueConstraint(
                fields=["paper", "version"], name="slot_question_once", violation_error_message="同一道题不能出现两次。"
            ),
            models.CheckConstraint(
                condition=models.Q(mark__gt=0), name="slot_mark_positive", violation_error_message="分值必须大于零。"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class ExamQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "User") -> "ExamQuerySet":
        return self.filter(visible_content(user))

    def open_at(self, moment: Any = None) -> "ExamQuerySet":
        moment = moment or timezone.now()
        return self.filter(models.Q(opens_at=None) | models.Q(opens_at__lte=moment)).filter(
            models.Q(closes_at=None) | models.Q(closes_at__gt=moment)
        )


class Exam(models.Model):
    """An offer to sit a paper. Times are the server's; an empty limit means none."""

    title = models.CharField("名称", max_length=120)
    kind = models.CharField("类别", max_length=8, choices=ExamKind.choices, default=ExamKind.QUIZ)
    paper = models.ForeignKey(Paper, models.PROTECT, related_name="exams", verbose_name="试卷")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name="所属组织")
    visibility = models.CharField("可见范围", max_length=12, choices=Visibility.choices, default=Visibility.PUBLIC)
    opens_at = models.DateTimeField("开始时间", null=True, blank=True)
    closes_at = models.DateTimeField("结束时间", null=True, blank=True)
    time_limit = models.PositiveSmallIntegerField("限时（分钟）", null=True, blank=True)
    pass_percent = models.PositiveSmallIntegerField("合格线（%）", default=60)
    max_attempts = models.PositiveSmallIntegerField("最多次数", null=True, blank=True)

    objects = ExamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "考试"
        ordering = ["-id"]
        constraints = [
            # A lesson's quiz is one offer, however often the lesson is published.
            models.UniqueConstraint(
                fields=["paper"], condition=models.Q(kind=ExamKind.QUIZ), name="exam_one_quiz_a_paper"
            ),
            models.CheckConstraint(
                condition=models.Q(pass_percent__gte=1, pass_percent__lte=100),
                name="exam_pass_percent_range",
                violation_error_message="合格线应在 1 至 100 之间。",
            ),
        ]

    def __str__(self) -> str:
        return self.title
