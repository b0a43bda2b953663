"""Pages of the demo school: portal, lessons with video and quiz, news."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from courses.models import LessonIndexPage, LessonPage, LessonStop
from exams.domain.papers import build_paper
from exams.domain.questions import load_questions
from exams.enums import ExamKind, QuestionKind
from exams.models import Bank, Exam, Question
from home.demo.drawings import LESSON_DRAWINGS, picture_of
from home.demo.slides import make_video
from home.models import HomePage, NewsIndexPage, NewsPage
from media.domain.captions import keep_reading
from media.enums import CaptionSource, Language
from media.kinds.caption_format import Line, Reading
from media.models import Chapter, Video
from school.people.enums import Visibility
from school.people.models import Organisation

CONTENT = Path(__file__).parent / "content"
QUIZ_MARK = Decimal(20)
MONTHLY_TEST = {QuestionKind.SINGLE: 8, QuestionKind.MULTIPLE: 5, QuestionKind.JUDGE: 5, QuestionKind.FILL: 2}
MONTHLY_MARK = Decimal(5)
ASKING = ("eight-duties", "transfer")  # lessons with an in-video question


@transaction.atomic
def seed_site() -> LessonIndexPage:
    """The portal page as the site's root, and the list of lessons below it."""
    home = HomePage.objects.first()
    if home is None:
        root = Page.objects.get(depth=1)
        home = root.add_child(
            instance=HomePage(
                title=settings.SCHOOL_NAME,
                slug="school",
                welcome_text="微党课、课后测验、学时学分，一处完成。用您的员工账号登录，接着上次的地方学。",
            )
        )
        Site.objects.all().delete()
        Site.objects.create(
            hostname="localhost", port=8000, root_page=home, is_default_site=True, site_name=settings.SCHOOL_NAME
        )
    index = LessonIndexPage.objects.first()
    return index or home.add_child(instance=LessonIndexPage(title="课程", slug="courses"))


@transaction.atomic
def seed_bank(root: Organisation) -> Bank:
    bank, _ = Bank.objects.get_or_create(code="demo", defaults={"name": "示范题库", "organisation": root})
    rows = json.loads((CONTENT / "questions.json").read_text(encoding="utf-8"))
    present = set(bank.questions.values_list("code", flat=True))  # an examiner may have revised them
    load_questions(bank, [row for row in rows if row["id"] not in present])
    return bank


@transaction.atomic
def seed_exam(bank: Bank, root: Organisation) -> None:
    """The monthly test of the branches: twenty questions of the bank, thirty minutes, two attempts."""
    if Exam.objects.filter(kind=ExamKind.FORMAL).exists():
        return
    questions: list[Question] = []
    for kind, count in MONTHLY_TEST.items():
        questions += bank.questions.filter(kind=kind, code__startswith="Q").order_by("code")[:count]
    now = timezone.now()
    Exam.objects.create(
        title=f"{timezone.localdate().month} 月支部月测",
        kind=ExamKind.FORMAL,
        paper=build_paper("支部月测", [(question, MONTHLY_MARK) for question in questions], organisation=root),
        organisation=root,
        opens_at=now - timedelta(days=10),
        closes_at=now + timedelta(days=10),
        time_limit=30,
        max_attempts=2,
    )


def seed_lessons(index: LessonIndexPage, bank: Bank, root: Organisation) -> list[LessonPage]:
    lessons = json.loads((CONTENT / "lessons.json").read_text(encoding="utf-8"))
    return [_lesson(index, bank, root, data) for data in lessons]


@transaction.atomic
def seed_news(home: Page) -> None:
    home = Page.objects.get(pk=home.pk)
    index = NewsIndexPage.objects.first() or home.add_child(instance=NewsIndexPage(title="要闻与通知", slug="news"))
    for data in json.loads((CONTENT / "news.json").read_text(encoding="utf-8")):
        if not NewsPage.objects.child_of(index).filter(slug=data["slug"]).exists():
            index.add_child(instance=NewsPage(**{**data, "published_on": date.fromisoformat(data["published_on"])}))


def _lesson(index: LessonIndexPage, bank: Bank, root: Organisation, data: dict[str, Any]) -> LessonPage:
    existing: LessonPage | None = LessonPage.objects.child_of(index).filter(slug=data["slug"]).first()
    if existing:
        return existing
    video = _video(data)
    with transaction.atomic():  # a lesson without its publication would offer no quiz
        return _publish(index, bank, root, data, video)


def _publish(index: LessonIndexPage, bank: Bank, root: Organisation, data: dict[str, Any], video: Video) -> LessonPage:
    rows = [{**row, "id": f"{data['slug']}-{n}"} for n, row in enumerate(data["quiz"], start=1)]
    questions = load_questions(bank, rows)
    paper = build_paper(
        f"{data['title']}课后测验", [(question, QUIZ_MARK) for question in questions], organisation=root
    )
    fields = {name: data[name] for name in ("title", "slug", "series", "taxonomy", "lecturer", "summary", "keywords")}
    owner = Organisation.objects.get(name=data["organisation"]) if "organisation" in data else root
    page = LessonPage(
        **fields,
        organisation=owner,
        visibility=data.get("visibility", Visibility.PUBLIC),
        quiz=paper,
        video=video,
        body=_body(data),
    )
    index.add_child(instance=page)
    if data["slug"] in ASKING:  # at half its length, a question of the lesson's own quiz
        LessonStop.objects.create(page=page, at_second=int(video.duration) // 2, question=questions[0])
        page = LessonPage.objects.get(pk=page.pk)
    page.save_revision().publish()
    return page


def _body(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """The lesson's blocks; where it has a drawing, that stands below the points to remember."""
    body = [_block(block) for block in data["body"]]
    if drawing := LESSON_DRAWINGS.get(data["slug"]):
        place = next(number for number, (kind, _) in enumerate(body, start=1) if kind == "key_points")
        value = {"image": picture_of(drawing), "alt_text": drawing.alt, "decorative": False}
        body.insert(place, ("image", value))
    return body


def _block(block: dict[str, Any]) -> tuple[str, Any]:
    kind = block["type"]
    if kind == "paragraph":
        return kind, f"<p>{block['text']}</p>"
    if kind in ("heading", "question"):
        return kind, block["text"]
    return kind, {name: value for name, value in block.items() if name != "type"}


def _video(data: dict[str, Any]) -> Video:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{data['slug']}.mp4"
        make_video(data["slides"], path)
        with path.open("rb") as file:
            video = Video(title=data["title"], type="video", duration=sum(slide["seconds"] for slide in data["slides"]))
            video.file.save(path.name, File(file), save=False)
            video.save()
    _say(video, data["slides"])
    return video


def _say(video: Video, slides: list[dict[str, Any]]) -> None:
    """Captions and chapters of silent slides: what stands on each of them, line after line."""
    cues, marks, start = [], [], 0
    for slide in slides:
        words = [slide["title"], *slide["lines"]]
        length = slide["seconds"] * 1000
        marks.append(Chapter(video=video, start_ms=start, title=slide["title"]))
        for place, text in enumerate(words):
            begin, end = (start + length * n // len(words) for n in (place, place + 1))
            cues.append(Line(begin, end, text))
        start += length
    Chapter.objects.bulk_create(marks)
    keep_reading(video, Language.CHINESE, Reading(cues), source=CaptionSource.TYPED)
