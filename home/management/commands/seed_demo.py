"""Set up the demo school. Safe to repeat: what exists is left as it is."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.domain.assignments import issue_assignment
from courses.models import Assignment
from home.demo.content import seed_bank, seed_lessons, seed_site
from home.demo.people import ACCOUNTS, PASSWORD, seed_members, seed_organisations
from home.demo.rules import seed_rules
from school.ledger.domain.posting import Cause, post_event
from school.ledger.enums import Event
from school.ledger.models import LedgerEntry
from school.people.domain.studio import ensure_studio
from school.people.models import Organisation, User


class Command(BaseCommand):
    help = "建立示范党校（可重复运行）"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_ACCOUNTS_ALLOWED:
            raise CommandError("正式环境不允许建立演示账号。")
        root = seed_organisations(settings.ENTERPRISE_NAME)
        ensure_studio()
        members = seed_members()
        seed_rules()
        self.stdout.write(f"组织与人员就绪：{len(members)} 人")
        lessons = seed_lessons(seed_site(), seed_bank(root), root)
        self.stdout.write(f"课程就绪：{len(lessons)} 门")
        self._history(members)
        self._assignment(lessons[0])
        self.stdout.write(f"演示账号（密码 {PASSWORD}）：" + "、".join(account[0] for account in ACCOUNTS))

    def _history(self, members: list[User]) -> None:
        """Collective study of the past months, so that balances and comparisons are not empty."""
        if LedgerEntry.objects.exists():
            return
        today = timezone.localdate()
        months = [date(today.year, month, 15) for month in range(1, today.month)]
        for place, member in enumerate(members):
            for number, day in enumerate(months):
                if (place * 7 + number * 3) % 5 < 2 + place % 3:
                    cause = Cause("demo.collective", f"{day:%Y-%m}", f"{day.month} 月支部集中学习")
                    post_event(
                        member, Event.OFFLINE_TRAINING, cause, Decimal(2 + (place + number) % 3), occurred_on=day
                    )

    def _assignment(self, lesson: Any) -> None:
        if Assignment.objects.exists():
            return
        trainer = User.objects.get(username="trainer")
        branch = Organisation.objects.get(name="变电运维支部")
        issue_assignment(lesson, branch, by=trainer, due_at=timezone.now() + timedelta(days=7), note="请在本周内学完。")
