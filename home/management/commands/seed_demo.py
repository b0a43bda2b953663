"""Set up the demo school. Safe to repeat: what exists is left as it is."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.domain.assignments import issue_assignment
from courses.models import Assignment
from home.demo.content import seed_bank, seed_exam, seed_lessons, seed_news, seed_site
from home.demo.history import seed_history
from home.demo.library import seed_library
from home.demo.people import ACCOUNTS, PASSWORD, seed_league, seed_members, seed_organisations
from home.demo.rules import seed_rules
from school.people.domain.studio import ensure_studio
from school.people.models import Organisation, User
from search.domain.indexing import rebuild
from search.models import SearchDocument


class Command(BaseCommand):
    help = "建立示范党校（可重复运行）"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ACCOUNTS_ALLOWED:
            raise CommandError("正式环境不允许建立演示账号。")
        root = seed_organisations(settings.ENTERPRISE_NAME)
        seed_league(root)
        ensure_studio()
        members = seed_members()
        seed_rules()
        self.stdout.write(f"组织与人员就绪：党员 {len(members)} 人")
        index = seed_site()
        bank = seed_bank(root)
        seed_exam(bank, root)
        lessons = seed_lessons(index, bank, root)
        self.stdout.write(f"课程就绪：{len(lessons)} 门")
        seed_library(index.get_parent(), root)
        seed_news(index.get_parent())
        found = SearchDocument.objects.count() or rebuild()["written"]
        self.stdout.write(f"检索就绪：{found} 篇")
        attempts = seed_history(lessons, members, root)
        self.stdout.write(f"往月学习就绪：答卷 {attempts} 份")
        self._assignment(next(lesson for lesson in lessons if lesson.slug == "eight-duties"))
        self.stdout.write(f"演示账号（密码 {PASSWORD}）：" + "、".join(account[0] for account in ACCOUNTS))

    def _assignment(self, lesson: Any) -> None:
        if Assignment.objects.filter(lesson=lesson).exists():
            return
        trainer = User.objects.get(username="trainer")
        branch = Organisation.objects.get(name="变电运维支部")
        issue_assignment(lesson, branch, by=trainer, due_at=timezone.now() + timedelta(days=7), note="请在本周内学完。")
