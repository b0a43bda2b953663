"""What the portal, my study and the workbenches show. Everything is read; each function's query count is constant."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q, Sum
from django.utils import timezone

from courses.models import AssignmentTask, LessonPage, LessonProgress
from courses.queries import with_covers
from school.ledger.enums import EntryKind, Unit
from school.ledger.models import ZERO, LedgerEntry, Rule
from school.ledger.queries import hour_progress, required_hours_of, usual_hours
from school.people.enums import OrganisationKind
from school.people.models import Appointment, Membership, Organisation

if TYPE_CHECKING:
    from school.people.models import User

TASKS_SHOWN = 5
LESSONS_SHOWN = 3
NEWS_SHOWN = 4


@dataclass(frozen=True)
class PointsToday:
    """One row of today's points: earned so far and what the rule allows in a day."""

    name: str
    earned: Decimal
    cap: Decimal

    @property
    def is_full(self) -> bool:
        return self.earned >= self.cap


def portal() -> dict[str, Any]:
    """For visitors: nothing of any member, only news and the titles of public lessons."""
    lessons = with_covers(LessonPage.objects.live().filter(visibility="public"))
    return {"lessons": lessons.order_by("-first_published_at")[:LESSONS_SHOWN], "news": latest_news()}


def my_study(user: "User") -> dict[str, Any]:
    """For a member: what to go on with, what is due, hours and points."""
    today = timezone.localdate()
    resume = (
        LessonProgress.objects.filter(member=user, completed_at=None, credited_ms__gt=0)
        .filter(lesson__in=LessonPage.objects.visible_to(user))
        .select_related("lesson__video", "lesson__cover_image", "lesson__card__image")
        .order_by("-updated_at")
        .first()
    )
    open_tasks = AssignmentTask.objects.filter(member=user, done_at=None).select_related(
        "assignment__lesson", "assignment__organisation"
    )
    return {
        "resume": resume,
        "tasks": open_tasks.order_by("assignment__due_at")[:TASKS_SHOWN],
        "task_count": open_tasks.count(),
        "progress": hour_progress(user, today.year),
        "points_today": points_today(user),
        "lessons": with_covers(LessonPage.objects.visible_to(user)).order_by("-first_published_at")[:LESSONS_SHOWN],
        "news": latest_news(),
        "place": Membership.objects.current().filter(user=user, is_primary=True).select_related("organisation").first(),
    }


def points_today(user: "User") -> list[PointsToday]:
    """Today's points by rule, for the rules in force that have a daily cap (two queries)."""
    today = timezone.localdate()
    earned = dict(
        LedgerEntry.objects.of(user)
        .in_unit(Unit.POINT)
        .filter(occurred_on=today, kind=EntryKind.AUTO)
        .order_by()
        .values_list("rule_code")
        .annotate(total=Sum("amount"))
    )
    rules = Rule.objects.in_force(today).filter(unit=Unit.POINT, daily_cap__isnull=False).order_by("code", "valid_from")
    newest = {rule.code: rule for rule in rules}
    return [PointsToday(rule.name, earned.get(code, ZERO), rule.daily_cap) for code, rule in newest.items()]


def latest_news() -> Any:
    from home.models import NewsPage

    return NewsPage.objects.live().order_by("-published_on", "-pk")[:NEWS_SHOWN]


def workbench(user: "User", organisation: Organisation) -> dict[str, Any]:
    """Figures of one organisation and all below it, for those who oversee it."""
    now = timezone.now()
    year = timezone.localdate().year
    places = Membership.objects.current().filter(is_primary=True).of_party_members().below([organisation.path])
    members = places.count()
    tasks = AssignmentTask.objects.filter(member__memberships__in=places)
    figures = tasks.aggregate(
        all=Count("pk"),
        done=Count("pk", filter=Q(done_at__isnull=False)),
        late=Count("pk", filter=Q(done_at=None, assignment__due_at__lt=now)),
        on_time=Count("pk", filter=Q(done_at__lte=F("assignment__due_at"))),
    )
    hours = (
        LedgerEntry.objects.in_unit(Unit.HOUR).in_year(year).filter(member__memberships__in=places).total()
        if members
        else ZERO
    )
    return {
        "members": members,
        "tasks": figures,
        "done_percent": figures["done"] * 100 // figures["all"] if figures["all"] else None,
        "hours_mean": (hours / members).quantize(Decimal("0.1")) if members else ZERO,
        "assignments": assignment_rows(user, organisation),
        "people": member_rows(organisation, year),
        "branches": branch_rows(organisation, year),
        "usual_hours": usual_hours(year),
        "new_workers": Appointment.objects.of_new_party_workers()
        .below([organisation.path])
        .select_related("user", "organisation")
        .order_by("-valid_from")[:8],
    }


def assignment_rows(user: "User", organisation: Organisation) -> Any:
    """Recent assignments that touch the organisation: how many people, done and late there."""
    now = timezone.now()
    return (
        AssignmentTask.objects.filter(
            Q(member__memberships__organisation__path__startswith=organisation.path),
            member__memberships__is_primary=True,
            member__memberships__valid_to=None,
        )
        .order_by()
        .values("assignment_id", "assignment__lesson__title", "assignment__due_at")
        .annotate(
            people=Count("pk", distinct=True),
            done=Count("pk", filter=Q(done_at__isnull=False), distinct=True),
            late=Count("pk", filter=Q(done_at=None, assignment__due_at__lt=now), distinct=True),
        )
        .order_by("-assignment__due_at")[:8]
    )


def member_rows(organisation: Organisation, year: int) -> list[dict[str, Any]]:
    """The members with their hours of the year and what they owe, furthest behind first (at most 50 rows)."""
    places = list(
        Membership.objects.current()
        .filter(is_primary=True, is_exempt=False)
        .of_party_members()
        .below([organisation.path])
        .select_related("user", "organisation")
    )
    hours = dict(
        LedgerEntry.objects.in_unit(Unit.HOUR)
        .in_year(year)
        .filter(member__memberships__in=places)
        .order_by()
        .values_list("member")
        .annotate(total=Sum("amount"))
    )
    owed = required_hours_of(places, year)
    rows = [
        {
            "member": place.user,
            "place": place,
            "hours": hours.get(place.user_id, ZERO),
            "required": owed[place.user_id],
        }
        for place in places
    ]
    return sorted(rows, key=lambda row: row["hours"] - row["required"])[:50]


def branch_rows(organisation: Organisation, year: int) -> list[dict[str, Any]]:
    """Mean hours of each Party branch at or below the organisation, best first (three queries)."""
    party_branches = Organisation.objects.in_force().filter(kind=OrganisationKind.BRANCH)
    branches = list(party_branches.below([organisation.path]))
    places = Membership.objects.current().filter(is_primary=True).of_party_members().below([organisation.path])
    heads = dict(places.order_by().values_list("organisation").annotate(n=Count("pk")))
    sums = dict(
        LedgerEntry.objects.in_unit(Unit.HOUR)
        .in_year(year)
        .filter(organisation__in=branches)
        .order_by()
        .values_list("organisation")
        .annotate(total=Sum("amount"))
    )
    rows = [
        {
            "branch": branch,
            "members": heads.get(branch.pk, 0),
            "mean": (sums.get(branch.pk, ZERO) / heads[branch.pk]).quantize(Decimal("0.1"))
            if heads.get(branch.pk)
            else None,
        }
        for branch in branches
    ]
    return sorted(rows, key=lambda row: (row["mean"] is None, -(row["mean"] or ZERO)))
