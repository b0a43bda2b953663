"""Assigning study: whom an assignment reaches, who may issue it, and how the unfinished are reminded."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.domain.assignments import REMIND_AGAIN_AFTER, issue_assignment, remind_unfinished
from courses.enums import Audience
from courses.models import Assignment, AssignmentTask, LessonPage, LessonProgress
from school.kernel.errors import InvalidInput, NotFound
from school.notices.models import Notice
from school.people.enums import MembershipKind, Role, Visibility
from school.people.models import Organisation, User
from tests.factories import appoint, make_lesson, make_member, make_organisation, make_tree

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)
NOT_YET_MEMBERS = [kind for kind in MembershipKind if kind not in (MembershipKind.FULL, MembershipKind.PROBATIONARY)]


class School:
    """An enterprise with two committees of one branch each, and the trainer of the first committee."""

    def __init__(self) -> None:
        self.enterprise, self.branch, self.other = make_tree()
        self.committee = Organisation.objects.get(pk=self.branch.get_parent().pk)
        self.trainer = make_member(make_organisation())
        appoint(self.trainer, Role.TRAINER, self.committee)
        self.lesson = make_lesson()

    def issue(self, organisation: Organisation | None = None, **changes: Any) -> Assignment:
        values = {"lesson": self.lesson, "by": self.trainer, "due_at": timezone.now() + WEEK, **changes}
        return issue_assignment(organisation=organisation or self.branch, **values)


@pytest.fixture
def school() -> School:
    return School()


def make_person(organisation: Organisation, kind: str) -> User:
    person = make_member(organisation)
    person.memberships.update(kind=kind)
    return person


def reached(assignment: Assignment) -> set[User]:
    return {task.member for task in assignment.tasks.select_related("member")}


def told(person: User) -> list[str]:
    return list(Notice.objects.filter(recipient=person).values_list("kind", flat=True))


def completed(person: User, lesson: LessonPage) -> LessonProgress:
    return LessonProgress.objects.create(member=person, lesson=lesson, completed_at=timezone.now())


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


# whom it reaches


def test_all_means_full_and_probationary_members_of_the_organisation_and_below(school: School) -> None:
    full, probationary = make_member(school.branch), make_person(school.branch, MembershipKind.PROBATIONARY)
    above, elsewhere = make_member(school.committee), make_member(school.other)
    assert reached(school.issue()) == {full, probationary}
    assert reached(school.issue(school.committee)) == {full, probationary, above}
    assert told(elsewhere) == []


@pytest.mark.parametrize("kind", NOT_YET_MEMBERS)
def test_who_is_no_member_yet_is_not_reached(school: School, kind: str) -> None:
    member, other = make_member(school.branch), make_person(school.branch, kind)
    assert reached(school.issue()) == {member}
    assert (told(member), told(other)) == (["assignment"], [])


def test_who_has_left_or_cannot_sign_in_is_not_reached(school: School) -> None:
    member, left = make_member(school.branch), make_member(school.branch)
    left.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    make_member(school.branch, is_active=False)
    assert reached(school.issue()) == {member}


def test_new_party_workers_are_the_holders_of_a_post_taken_up_within_a_year(school: School) -> None:
    today = timezone.localdate()
    make_member(school.branch)
    new, old, elsewhere = (make_member(branch) for branch in (school.branch, school.branch, school.other))
    appoint(new, Role.ORGANISATION_COMMISSIONER, school.branch, since=today - timedelta(days=364))
    appoint(old, Role.BRANCH_SECRETARY, school.branch, since=today - timedelta(days=365))
    appoint(elsewhere, Role.PARTY_WORKER, school.other, since=today)
    appoint(make_member(school.branch), Role.EDITOR, school.branch, since=today)  # a duty on the platform only
    assert reached(school.issue(school.committee, audience=Audience.NEW_PARTY_WORKERS)) == {new}


def test_who_has_completed_the_lesson_is_done_at_once_and_not_disturbed(school: School) -> None:
    early, late = make_member(school.branch), make_member(school.branch)
    progress = completed(early, school.lesson)
    done = {task.member: task.done_at for task in school.issue().tasks.all()}
    assert done == {early: progress.completed_at, late: None}
    assert (told(early), told(late)) == ([], ["assignment"])


# what is refused


def test_a_due_time_that_has_passed_is_refused(school: School) -> None:
    make_member(school.branch)
    with pytest.raises(InvalidInput, match="截止时间已过") as refusal:
        school.issue(due_at=timezone.now())
    assert set(refusal.value.fields) == {"due_at"}
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("audience", Audience.values)
def test_an_empty_audience_is_refused(school: School, audience: str) -> None:
    make_person(school.branch, MembershipKind.APPLICANT)
    with pytest.raises(InvalidInput, match="没有人") as refusal:
        school.issue(audience=audience)
    assert set(refusal.value.fields) == {"audience"}
    assert not Assignment.objects.exists()


def test_the_branch_of_another_committee_does_not_exist_for_a_trainer(school: School) -> None:
    make_member(school.other)
    for organisation in (school.other, school.enterprise):
        with pytest.raises(NotFound):
            school.issue(organisation)


@pytest.mark.parametrize("role", [Role.EDITOR, Role.PARTY_WORKER, Role.GROUP_LEADER])
def test_only_training_duties_assign(school: School, role: str) -> None:
    person = make_member(school.branch)
    appoint(person, role, school.branch)
    with pytest.raises(NotFound):
        school.issue(by=person)


def test_a_lesson_internal_to_others_does_not_exist_for_a_trainer(school: School) -> None:
    make_member(school.branch)
    with pytest.raises(NotFound):
        school.issue(lesson=make_lesson(school.other, visibility=Visibility.INTERNAL))
    assert school.issue(lesson=make_lesson(school.branch, visibility=Visibility.INTERNAL)).pk


# reminders


def test_the_unfinished_are_reminded_once_a_day(school: School) -> None:
    waiting, done = make_member(school.branch), make_member(school.branch)
    completed(done, school.lesson)
    assignment = school.issue()
    assert [remind_unfinished(assignment, by=school.trainer) for _ in range(2)] == [1, 0]
    assert (told(waiting).count("reminder"), told(done)) == (1, [])
    task = assignment.tasks.get(member=waiting)
    assert task.reminders == 1
    AssignmentTask.objects.update(reminded_at=task.reminded_at - REMIND_AGAIN_AFTER - timedelta(minutes=1))
    assert remind_unfinished(assignment, by=school.trainer) == 1
    task.refresh_from_db()
    assert task.reminders == 2


def test_a_secretary_reminds_the_own_branch_only(school: School) -> None:
    secretary, own = make_member(school.branch), make_member(school.branch)
    appoint(secretary, Role.BRANCH_SECRETARY, school.branch)
    above = make_member(school.committee)
    assignment = school.issue(school.committee)
    assert remind_unfinished(assignment, by=secretary) == 2
    assert "reminder" in told(own)
    assert "reminder" not in told(above)
    assert remind_unfinished(assignment, by=school.trainer) == 1  # those not yet reminded today
    assert "reminder" in told(above)


def test_an_assignment_of_others_does_not_exist(school: School) -> None:
    member = make_member(school.branch)
    stranger = make_member(school.other)
    appoint(stranger, Role.BRANCH_SECRETARY, school.other)
    assignment = school.issue()
    for person in (stranger, member):
        with pytest.raises(NotFound):
            remind_unfinished(assignment, by=person)
        address = reverse("courses:assignment", args=[assignment.pk])
        assert client_of(person).get(address).status_code == 404
        assert client_of(person).post(address).status_code == 404
    assert told(member) == ["assignment"]


# pages


def form_of(school: School, **changes: Any) -> dict[str, Any]:
    due = timezone.localtime() + WEEK
    values = {"lesson": school.lesson.pk, "organisation": school.branch.pk, "audience": Audience.ALL}
    return {**values, "due_at": f"{due:%Y-%m-%dT%H:%M}", "compulsory": "on", "note": "请自学", **changes}


def test_assigning_by_the_page(school: School) -> None:
    member = make_member(school.branch)
    client = client_of(school.trainer)
    page = client.get("/courses/assign/").content.decode()
    assert school.branch.name in page
    assert school.other.name not in page
    response = client.post("/courses/assign/", form_of(school), follow=True)
    assignment = Assignment.objects.get()
    assert response.redirect_chain == [(f"/courses/assignments/{assignment.pk}/", 302)]
    assert (assignment.issued_by, assignment.note, assignment.compulsory) == (school.trainer, "请自学", True)
    page = response.content.decode()
    assert "已指派，并通知到每一个人" in page
    assert "已完成 0 / 1 人" in page
    assert member.name in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_at": "2020-01-01T09:00"}, "请改成将来的时间"),
        ({"due_at": "明天"}, "alert"),
        ({"audience": Audience.NEW_PARTY_WORKERS}, "这个范围里没有人"),
        ({"lesson": ""}, "alert"),
    ],
)
def test_a_faulty_form_says_what_to_change(school: School, changes: dict[str, Any], words: str) -> None:
    make_member(school.branch)
    response = client_of(school.trainer).post("/courses/assign/", form_of(school, **changes))
    assert response.status_code == 200
    assert words in response.content.decode()
    assert not Assignment.objects.exists()


def test_the_form_takes_nothing_out_of_scope(school: School) -> None:
    make_member(school.other)
    hidden = make_lesson(school.other, visibility=Visibility.INTERNAL)
    client = client_of(school.trainer)
    assert hidden.title not in client.get("/courses/assign/").content.decode()
    for changes in ({"organisation": school.other.pk}, {"lesson": hidden.pk}):
        client.post("/courses/assign/", form_of(school, **changes))
    assert not Assignment.objects.exists()


def test_the_form_is_for_trainers(school: School) -> None:
    assert client_of(make_member(school.branch)).get("/courses/assign/").status_code == 404
    assert Client().get("/courses/assign/").status_code == 302


def test_reminding_by_the_page(school: School) -> None:
    make_member(school.branch)
    address = reverse("courses:assignment", args=[school.issue().pk])
    client = client_of(school.trainer)
    assert "已提醒 1 人。" in client.post(address, follow=True).content.decode()
    assert "没有需要提醒的人" in client.post(address, follow=True).content.decode()
    assert "1 次" in client.get(address).content.decode()


def test_a_secretary_follows_the_own_people_only(school: School) -> None:
    secretary, above = make_member(school.branch), make_member(school.committee)
    appoint(secretary, Role.BRANCH_SECRETARY, school.branch)
    completed(secretary, school.lesson)
    page = client_of(secretary).get(reverse("courses:assignment", args=[school.issue(school.committee).pk]))
    text = page.content.decode()
    assert "已完成 1 / 1 人" in text
    assert above.name not in text
    assert "提醒未完成的人" not in text
