"""Makers of people, organisations, questions and lessons for tests."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.base import ContentFile
from wagtail.models import Page

from courses.models import LessonIndexPage, LessonPage
from exams.domain.papers import build_paper, open_quiz
from exams.domain.questions import save_question
from exams.models import Bank, Exam
from home.demo.rules import seed_rules
from home.models import HomePage
from library.models import (
    ExperienceIndexPage,
    ExperiencePage,
    LibraryPage,
    RegulationArticle,
    RegulationIndexPage,
    RegulationPage,
)
from media.models import Video
from school.people.enums import OrganisationKind
from school.people.models import Appointment, Membership, Organisation, User

numbers = count(1)
LONG_AGO = date(2010, 1, 1)


def make_organisation(
    kind: str = OrganisationKind.BRANCH, parent: Organisation | None = None, **fields: Any
) -> Organisation:
    number = next(numbers)
    values = {"code": f"T{number}", "name": f"组织{number}", "kind": kind, "valid_from": LONG_AGO, **fields}
    if parent is None:
        return Organisation.add_root(**values)
    parent = Organisation.objects.get(pk=parent.pk)
    return parent.add_child(**values)


def make_tree() -> tuple[Organisation, Organisation, Organisation]:
    """An enterprise with two branches of two committees: (enterprise, branch, other branch)."""
    root = make_organisation(OrganisationKind.ENTERPRISE)
    branches = [make_organisation(parent=make_organisation(OrganisationKind.COMMITTEE, parent=root)) for _ in range(2)]
    return Organisation.objects.get(pk=root.pk), branches[0], branches[1]


def make_member(organisation: Organisation | None = None, **fields: Any) -> User:
    number = next(numbers)
    user = User.objects.create_user(f"u{number}", "school-demo-2026", **{"name": f"同志{number}", **fields})
    Membership.objects.create(user=user, organisation=organisation or make_organisation(), valid_from=LONG_AGO)
    return user


def appoint(user: User, role: str, organisation: Organisation, since: date = LONG_AGO) -> Appointment:
    user.__dict__.pop("scope", None)
    return Appointment.objects.create(user=user, organisation=organisation, role=role, valid_from=since)


def make_quiz(organisation: Organisation | None = None, size: int = 3) -> Exam:
    """A quiz of `size` questions: multiple with key A, B first, then single choice with key A; 10 marks each."""
    bank, _ = Bank.objects.get_or_create(
        code="test", defaults={"name": "题库", "organisation": organisation or make_organisation()}
    )
    options = [{"id": letter, "text": f"选项{letter}"} for letter in "ABCD"]
    questions = []
    for place in range(size):
        kind, key = ("multiple", ["A", "B"]) if place == 0 else ("single", ["A"])
        content = {"stem": f"第{place}题", "options": options, "key": key, "explanation": "秘密解析"}
        questions.append((save_question(bank, f"Q{next(numbers)}", kind, content), Decimal(10)))
    return open_quiz(build_paper("测验", questions), title="测验")


def make_index() -> LessonIndexPage:
    """The list of lessons below a portal page."""
    index = LessonIndexPage.objects.first()
    if index:
        return index
    home = Page.objects.get(depth=1).add_child(instance=HomePage(title="首页", slug="school"))
    site = Page.objects.get(depth=1).get_children().exclude(pk=home.pk).first()
    from wagtail.models import Site

    Site.objects.all().update(root_page=home, port=80, hostname="testserver")
    if site:
        site.delete()
    return home.add_child(instance=LessonIndexPage(title="课程", slug="courses"))


def make_lesson(
    organisation: Organisation | None = None, *, seconds: int = 60, quiz: Exam | None = None, **fields: Any
) -> LessonPage:
    """A published lesson with a video of `seconds` (its file is never opened)."""
    number = next(numbers)
    video = None
    if seconds:
        video = Video(title=f"视频{number}", type="video", duration=seconds, generation=1, state="ready")
        video.file.save("v.mp4", ContentFile(b"x"), save=False)
        video.save()
    defaults: dict[str, Any] = {"title": f"课程{number}", "slug": f"lesson-{number}", "summary": "提要"}
    page = LessonPage(
        organisation=organisation, video=video, quiz=quiz.paper if quiz else None, **{**defaults, **fields}
    )
    make_index().add_child(instance=page)
    return page


make_rules = seed_rules


def make_library() -> RegulationIndexPage:
    """The regulation library below the portal page."""
    index = RegulationIndexPage.objects.first()
    if index:
        return index
    home = make_index().get_parent()
    library = home.add_child(instance=LibraryPage(title="资料库", slug="library"))
    return library.add_child(instance=RegulationIndexPage(title="制度规范库", slug="regulations"))


def make_regulation(title: str, articles: list[str], **fields: Any) -> RegulationPage:
    """A live rule in force whose articles are numbered from one."""
    values = {"issuers": "公司党委", "kind": "provisions", "level": "own", "summary": "提要", **fields}
    page = RegulationPage(title=title, slug=f"rule-{next(numbers)}", **values)
    page.articles = [
        RegulationArticle(sort_order=n, number=f"第{'一二三四五六七八九'[n]}条", text=text)
        for n, text in enumerate(articles)
    ]
    make_library().add_child(instance=page)
    return page


def make_experience(title: str, **fields: Any) -> ExperiencePage:
    """A live entry of the experience library."""
    library = make_library().get_parent()
    index = ExperienceIndexPage.objects.first() or library.add_child(
        instance=ExperienceIndexPage(title="典型经验库", slug="experiences")
    )
    values = {"summary": "摘要", "background": "背景", "practice": "做法", "results": "成效", **fields}
    page = ExperiencePage(title=title, slug=f"experience-{next(numbers)}", **values)
    index.add_child(instance=page)
    return page
