"""Banks, categories, and questions as an identity with immutable versions."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from exams.enums import Difficulty, QuestionKind, Sharing, VersionState
from exams.kinds import MACHINE_MARKED
from exams.models.authorship import AuthoredQuerySet
from school.people.models import Organisation

if TYPE_CHECKING:
    from school.people.models import User


class Bank(models.Model):
    """A collection of questions that an organisation answers for."""

    code = models.SlugField("代码", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="banks", verbose_name="所属组织")
    visibility = models.CharField("使用范围", max_length=12, choices=Sharing.choices, default=Sharing.INTERNAL)

    objects = AuthoredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "题库"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="categories", verbose_name="题库")
    name = models.CharField("分类", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "题目分类"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "name"], name="category_once_a_bank", violation_error_message="题库里已有这个分类。"
            )
        ]

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(AuthoredQuerySet):
    owner = "bank__"

    def changeable_by(self, user: "User") -> AuthoredQuerySet:
        """There is no form for what people mark: its scoring points come from a file."""
        return super().changeable_by(user).filter(kind__in=MACHINE_MARKED)

    def ready(self) -> "QuestionQuerySet":
        """Questions that may be put on a paper: what only people can mark waits for its markers."""
        return self.filter(current_version__state=VersionState.READY, kind__in=MACHINE_MARKED)

    def with_texts(self) -> "QuestionQuerySet":
        """With all that a list of questions shows."""
        return self.select_related("bank__organisation", "category", "current_version")


class Question(models.Model):
    """The lasting identity of a question; its number is the anchor of imports."""

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="questions", verbose_name="题库")
    code = models.CharField("编号", max_length=40)
    kind = models.CharField("题型", max_length=12, choices=QuestionKind.choices)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, verbose_name="分类")
    current_version = models.ForeignKey(
        "QuestionVersion", models.PROTECT, null=True, related_name="+", verbose_name="现行版本"
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "题目"
        ordering = ["bank", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "code"], name="question_code_once", violation_error_message="题库里已有这个编号。"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.current_version.stem[:40] if self.current_version else ''}"


class QuestionVersion(models.Model):
    """What candidates saw. Never edited: a correction is a new version, and old attempts keep theirs."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版本")
    state = models.CharField("状态", max_length=8, choices=VersionState.choices, default=VersionState.READY)
    stem = models.TextField("题干")
    options = models.JSONField("选项", default=list)  # [{"id": "A", "text": "…"}], perhaps with a "fraction"
    key = models.JSONField("正确答案", default=list)  # option ids
    explanation = models.TextField("解析", blank=True)
    difficulty = models.PositiveSmallIntegerField("难度", choices=Difficulty.choices, default=Difficulty.MEDIUM)
    source_document = models.CharField("依据文件", max_length=200, blank=True)
    source_article = models.CharField("依据条款", max_length=60, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = "题目版本"
        ordering = ["question", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "number"], name="version_once", violation_error_message="这个版本号已存在。"
            )
        ]

    def __str__(self) -> str:
        return self.stem[:60]
