"""The form of Wagtail's page editor for lessons. It stands beside the model because the page class must name it."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail.admin.forms import WagtailAdminPageForm

from exams.models import Paper, Question


class LessonForm(WagtailAdminPageForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if "stops" in self.formsets:
            self._check_stops(cleaned.get("video"))
        return cleaned

    def _check_stops(self, video: Any) -> None:
        """Each in-video question stands within the video, at a time of its own, and is one that the person may use."""
        kept = {stop.question_id for stop in self.instance.stops.all()} if self.instance.pk else set()
        seen: set[int] = set()
        self.formsets["stops"].is_valid()  # has each line cleaned before they are compared
        for form in self.formsets["stops"].forms:
            data = getattr(form, "cleaned_data", {})
            second, question = data.get("at_second"), data.get("question")
            if data.get("DELETE") or second is None:
                continue
            if video is None:
                form.add_error("at_second", "这门课程没有视频，请先选择视频，或删除这道提问。")
            elif second * 1000 >= video.duration_ms:
                form.add_error("at_second", f"超出了视频长度，请填小于 {int(video.duration)} 的秒数。")
            elif second in seen:
                form.add_error("at_second", "这一秒已有提问，请换一个时间。")
            seen.add(second)
            if question and question.pk not in kept and not usable_by(self.for_user, question):
                form.add_error("question", "您不能选用这道题，请点“换一道题”，从列表里另选一道。")

    def clean_quiz(self) -> Any:
        """The window offers only papers that the person may use; an id sent past it is held to the same."""
        quiz = self.cleaned_data["quiz"]
        is_kept = quiz and quiz.pk == self.instance.quiz_id
        if quiz and not is_kept and not Paper.objects.visible_to(self.for_user).filter(pk=quiz.pk).exists():
            raise ValidationError("您不能选用这份试卷，请点“选择试卷”，从列表里另选一份。")
        return quiz


def usable_by(user: Any, question: Question) -> bool:
    """Ready to be asked and marked by the server, and within this editor's sight."""
    return Question.objects.visible_to(user).ready().filter(pk=question.pk).exists()
