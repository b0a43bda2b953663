"""Assigning study to people, and reminding those who have not finished."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from courses.enums import Audience
from courses.models import Assignment, AssignmentTask, LessonPage, LessonProgress
from courses.rules import can_assign
from school.kernel.domain import audit
from school.kernel.errors import InvalidInput, NotFound
from school.notices.domain.delivery import send_notice
from school.notices.kinds import ASSIGNMENT, REMINDER
from school.people.models import Appointment, Organisation, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

REMIND_AGAIN_AFTER = timedelta(hours=20)


def people_for(organisation: Organisation, audience: str) -> "QuerySet[User]":
    """Who an assignment to this audience of the organisation reaches today."""
    members = User.objects.active().party_members_of([organisation.path])
    if audience == Audience.NEW_PARTY_WORKERS:
        new = Appointment.objects.of_new_party_workers().below([organisation.path])
        members = User.objects.active().filter(pk__in=new.values("user_id"))
    return members


def issue_assignment(
    lesson: LessonPage,
    organisation: Organisation,
    *,
    by: User,
    due_at: datetime,
    audience: str = Audience.ALL,
    compulsory: bool = True,
    note: str = "",
) -> Assignment:
    """Give everybody of the audience a task and a notice. People who have already completed the lesson are done."""
    if not can_assign(by, organisation) or not LessonPage.objects.visible_to(by).filter(pk=lesson.pk).exists():
        raise NotFound
    if due_at <= timezone.now():
        raise InvalidInput("截止时间已过，请改成将来的时间。", fields={"due_at": "请改成将来的时间。"})
    people = list(people_for(organisation, audience))
    if not people:
        raise InvalidInput("这个范围里没有人，请换一个组织或对象。", fields={"audience": "这个范围里没有人。"})
    with transaction.atomic():
        assignment = Assignment.objects.create(
            lesson=lesson,
            organisation=organisation,
            audience=audience,
            due_at=due_at,
            compulsory=compulsory,
            note=note,
            issued_by=by,
        )
        done = dict(
            LessonProgress.objects.filter(lesson=lesson, member__in=people, completed_at__isnull=False).values_list(
                "member", "completed_at"
            )
        )
        AssignmentTask.objects.bulk_create(
            [AssignmentTask(assignment=assignment, member=person, done_at=done.get(person.pk)) for person in people],
            batch_size=500,
        )
        send_notice(
            [person for person in people if person.pk not in done],
            ASSIGNMENT,
            f"新的学习任务：{lesson.title}",
            key=f"assignment:{assignment.pk}",
            body=f"请在 {timezone.localtime(due_at):%m 月 %d 日 %H:%M} 前学完。{note}",
            url=lesson.url or "",
            sender=by,
        )
        audit.record("assignment.issue", actor=by, target=assignment, people=len(people))
    return assignment


def remind_unfinished(assignment: Assignment, *, by: User) -> int:
    """Remind everybody `by` may see who has not finished, each at most once a day; returns how many were reminded."""
    if not Assignment.objects.visible_to(by).filter(pk=assignment.pk).exists():
        raise NotFound
    now = timezone.now()
    with transaction.atomic():
        tasks = AssignmentTask.objects.select_for_update().filter(
            Q(reminded_at=None) | Q(reminded_at__lt=now - REMIND_AGAIN_AFTER),
            assignment=assignment,
            done_at=None,
            member__in=User.objects.visible_to(by),
        )
        ids = list(tasks.values_list("pk", flat=True))
        people = list(User.objects.filter(assignment_tasks__in=ids))
        AssignmentTask.objects.filter(pk__in=ids).update(reminded_at=now, reminders=F("reminders") + 1)
        send_notice(
            people,
            REMINDER,
            f"请尽快学完：{assignment.lesson.title}",
            key=f"reminder:{assignment.pk}:{timezone.localdate()}",
            body=f"截止时间 {timezone.localtime(assignment.due_at):%m 月 %d 日 %H:%M}。",
            url=assignment.lesson.url or "",
            sender=by,
        )
        audit.record("assignment.remind", actor=by, target=assignment, people=len(people))
    return len(people)
