"""Questions at set times of a lesson's video."""

from django.core.validators import MaxValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel

from courses.models.lessons import LessonPage
from exams.forms.papers import QuestionChooser
from exams.models import Question


class LessonStop(models.Model):
    """The video pauses at `at_second` and asks. Asked for learning, never scored: the quiz alone counts."""

    page = ParentalKey(LessonPage, on_delete=models.CASCADE, related_name="stops")
    at_second = models.PositiveIntegerField("第几秒", validators=[MaxValueValidator(24 * 3600)])
    question = models.ForeignKey(Question, models.PROTECT, related_name="+", verbose_name="题目")
    must_answer = models.BooleanField(
        "答了才能继续", default=True, help_text="第一次观看时，答题之后的部分才计入；答对答错都可以继续。"
    )

    panels = [
        FieldPanel("at_second"),
        FieldPanel("question", widget=QuestionChooser),
        FieldPanel("must_answer"),
    ]

    class Meta:
        verbose_name = verbose_name_plural = "片中提问"
        ordering = ["at_second", "id"]

    def __str__(self) -> str:
        return f"{self.at_second} s: {self.question_id}"

    @property
    def at_ms(self) -> int:
        return self.at_second * 1000
