"""CPU milliseconds and database queries for each page of the story, on the database that is set up here."""

import json
import time
from statistics import median
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import LessonPage
from exams.domain.sittings import save_responses, start_attempt
from exams.models import Exam
from school.people.models import User

ROUNDS = 30


class Command(BaseCommand):
    help = "测量各页面的处理器毫秒数和查询次数"

    def handle(self, *args: Any, **options: Any) -> None:
        member = User.objects.filter(username="member").first()
        secretary = User.objects.filter(username="secretary").first()
        lesson, exam = LessonPage.objects.live().first(), Exam.objects.first()
        if not (member and secretary and lesson and exam):
            raise CommandError("没有示范数据，请先运行 seed_demo。")
        pages = [
            ("home", member, "/"),
            ("lesson", member, lesson.url),
            ("exams", member, "/exams/"),
            ("me", member, "/me/"),
            ("library", member, "/library/regulations/"),
            ("search", member, "/search/?q=%E5%85%9A%E8%B4%B9"),
            ("workbench", secretary, "/workbench/"),
        ]
        rows = [self._measure(name, user, url) for name, user, url in pages]
        rows.append(self._measure_submit(member, exam))
        self.stdout.write(f"{'page':<12}{'CPU ms':>8}{'queries':>9}")
        for row in rows:
            self.stdout.write(f"{row['page']:<12}{row['cpu_ms']:>8.1f}{row['queries']:>9}")
        folder = settings.VAR_DIR / "bench"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pages.json").write_text(json.dumps(rows, indent=2))

    def _measure_submit(self, user: User, exam: Exam) -> dict[str, Any]:
        """Handing in a quiz whose answers are stored; everything is rolled back afterwards."""
        client = Client()
        client.force_login(user)
        times, queries = [], 0
        with transaction.atomic():
            for _ in range(ROUNDS):
                attempt = start_attempt(exam, user)
                answers = [
                    {"slot": slot.pk, "seq": 1, "answer": slot.version.key}
                    for slot in exam.paper.slots.select_related("version")
                ]
                save_responses(attempt, answers)
                with CaptureQueriesContext(connection) as captured:
                    start = time.process_time()
                    response = client.post(f"/api/v1/attempts/{attempt.pk}/submit")
                    times.append((time.process_time() - start) * 1000)
                queries = len(captured)
                if response.status_code != 200:
                    raise CommandError(f"交卷返回 {response.status_code}")
            transaction.set_rollback(True)
        return {"page": "submit", "cpu_ms": median(times), "queries": queries}

    def _measure(self, name: str, user: User, url: str) -> dict[str, Any]:
        """The median of warm requests through the whole middleware, without the network."""
        client = Client()
        client.force_login(user)
        for _ in range(3):
            client.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(url)
        queries = len(captured)  # read now: the log is emptied by the next request
        if response.status_code != 200:
            raise CommandError(f"{url} 返回 {response.status_code}")
        times = []
        for _ in range(ROUNDS):
            start = time.process_time()
            client.get(url)
            times.append((time.process_time() - start) * 1000)
        return {"page": name, "cpu_ms": median(times), "queries": queries}
