"""The drawn cover of a lesson. It is no field of the page, whose older revisions would bring an older picture back."""

from django.db import models

from courses.models.lessons import LessonPage


class LessonCover(models.Model):
    """The card drawn from the lesson's words; `digest` tells from which words."""

    lesson = models.OneToOneField(LessonPage, models.CASCADE, related_name="card", verbose_name="课程")
    image = models.ForeignKey("media.Image", models.CASCADE, related_name="+", verbose_name="图片")
    digest = models.CharField("文字摘要", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "自动封面"

    def __str__(self) -> str:
        return str(self.lesson)
