"""The form that assigns a lesson."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from courses.enums import Audience
from courses.models import LessonPage
from courses.rules import assignable_by
from school.people.models import Organisation

DEFAULT_DAYS = 7
LONGEST_NUMBER = 18  # digits that surely fit 64 bits


def default_due() -> datetime:
    """Six in the evening, a week from today."""
    day = timezone.localdate() + timedelta(days=DEFAULT_DAYS)
    return datetime.combine(day, time(18), tzinfo=timezone.get_current_timezone())


class LessonField(forms.ModelChoiceField):
    """A lesson by its number. Django refuses a number beyond the database's range for plain keys, not for pages'."""

    def to_python(self, value: Any) -> Any:
        if len(str(value or "")) > LONGEST_NUMBER:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)


class AssignForm(forms.Form):
    lesson = LessonField(LessonPage.objects.none(), label="课程", empty_label="请选择")
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label="组织", empty_label=None)
    audience = forms.ChoiceField(choices=Audience.choices, label="对象")
    due_at = forms.DateTimeField(
        label="截止时间",
        initial=default_due,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    compulsory = forms.BooleanField(label="必修", required=False, initial=True)
    note = forms.CharField(label="要求", required=False, max_length=200)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lesson"].queryset = LessonPage.objects.visible_to(user).order_by("title")
        self.fields["organisation"].queryset = assignable_by(user)
