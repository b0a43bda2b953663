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


def default_due() -> datetime:
    """Six in the evening, a week from today."""
    day = timezone.localdate() + timedelta(days=DEFAULT_DAYS)
    return datetime.combine(day, time(18), tzinfo=timezone.get_current_timezone())


class AssignForm(forms.Form):
    lesson = forms.ModelChoiceField(LessonPage.objects.none(), label="课程", empty_label="请选择")
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
