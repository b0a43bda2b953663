"""Completing a lesson whose title and address are as long as the editor may make them."""

import pytest
from django.test import Client
from django.utils import timezone

from courses.domain.completion import complete_if_due
from courses.models import LessonProgress
from school.ledger.models import LedgerEntry
from school.notices.models import Notice
from tests.factories import make_lesson, make_member, make_rules


@pytest.mark.django_db
def test_long_chinese_names_fit_the_ledger_and_the_notice() -> None:
    make_rules()
    member, lesson = make_member(), make_lesson(title="长" * 255, slug="长" * 200)
    LessonProgress.objects.create(
        member=member, lesson=lesson, watched_at=timezone.now(), credited_ms=60_000, ranges=[[0, 60_000]]
    )
    assert complete_if_due(member, lesson)
    entry = LedgerEntry.objects.of(member).earliest("pk")
    notice = Notice.objects.get(recipient=member)
    for row in (entry, notice):
        for field in row._meta.get_fields():
            limit = getattr(field, "max_length", None)
            value = getattr(row, field.name, "") if limit else ""
            assert not isinstance(value, str) or not limit or len(value) <= limit, field.name
    client = Client()
    client.force_login(member)
    assert client.get(entry.cause_url).status_code == 200
