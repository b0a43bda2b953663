"""The form of Wagtail's page editor for lessons. It stands beside the model because the page class must name it."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

from exams.models import Paper


class LessonForm(WagtailAdminPageForm):
    def clean_quiz(self) -> Any:
        """The window offers only papers that the person may use; an id sent past it is held to the same."""
        quiz = self.cleaned_data["quiz"]
        is_kept = quiz and quiz.pk == self.instance.quiz_id
        if quiz and not is_kept and not Paper.objects.visible_to(self.for_user).filter(pk=quiz.pk).exists():
            raise ValidationError("您不能选用这份试卷，请点“选择试卷”，从列表里另选一份。")
        return quiz
