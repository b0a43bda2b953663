"""Reading: a least time on screen for each part, by the server's clock, in lessons of text and required documents."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image

from courses.domain import pages, reading
from courses.domain.completion import complete_if_due
from courses.domain.leases import open_session
from courses.domain.units import least_ms, units_of
from courses.models import DocumentCopy, LessonPage, LessonProgress
from media.models import Document
from school.kernel.errors import NotFound
from school.people.models import User
from tests.factories import make_lesson, make_member

pytestmark = pytest.mark.django_db
TEXT = [("paragraph", f"<p>{'学' * 250}</p>"), ("paragraph", "<p>短</p>")]  # 30 s and the least of 5 s


def make_pdf(sheets: int = 2) -> bytes:
    content = BytesIO()
    pictures = [Image.new("RGB", (300, 420), "white") for _ in range(sheets)]
    pictures[0].save(content, "PDF", save_all=True, append_images=pictures[1:])
    return content.getvalue()


def make_document(content: bytes) -> Document:
    document = Document(title="通知")
    document.file.save("notice.pdf", ContentFile(content))
    return document


class Reader:
    def __init__(self, lesson: LessonPage) -> None:
        self.lesson, self.member, self.at = lesson, make_member(), timezone.now()
        self.session = open_session(self.member, lesson, now=self.at)

    def report(self, spent: dict[str, int], after: float) -> reading.Reading:
        self.at += timedelta(seconds=after)
        return reading.record_reading(self.session.pk, self.member, spent, now=self.at)


@pytest.fixture
def reader() -> Reader:
    return Reader(make_lesson(seconds=0, body=TEXT))


def test_the_least_time_follows_the_letters(reader: Reader) -> None:
    assert list(units_of(reader.lesson).values()) == [30_000, 5_000]
    assert [least_ms(letters) for letters in (0, 500, 10_000)] == [5_000, 60_000, 120_000]


def test_claiming_all_at_once_earns_the_clock_only(reader: Reader) -> None:
    found = reader.report(dict.fromkeys(reader.report({}, 0).units, 10**6), after=10)
    assert sum(found.progress.spent.values()) == 10_000
    assert (found.percent, found.progress.read_at) == (28, None)


def test_a_text_that_was_read_completes_its_lesson_once(reader: Reader) -> None:
    units = reader.report({}, 0).units
    assert not complete_if_due(reader.member, reader.lesson)
    found = reader.report(units, after=35)
    assert found.progress.completed_at is not None
    again = reader.report(units, after=35)
    assert again.progress.spent == units


def test_reading_and_watching_at_once_share_one_budget() -> None:
    document = make_document(make_pdf())
    lesson = make_lesson(seconds=600, body=[("reading", {"document": document})])
    pages.draw_document(document.pk)
    reader = Reader(lesson)
    from courses.domain.watching import record_watch

    now = reader.at + timedelta(seconds=8)
    record_watch(reader.session.pk, reader.member, seq=1, ranges=[[0, 12_000]], position_ms=0, now=now)
    reader.at = now
    found = reader.report(dict.fromkeys(units_of(lesson), 5_000), after=0)
    assert found.progress.credited_ms == 12_000
    assert sum(found.progress.spent.values()) == 0


def test_past_completions_stay() -> None:
    lesson, member = make_lesson(seconds=0, body=TEXT), make_member()
    LessonProgress.objects.create(member=member, lesson=lesson, completed_at=timezone.now())
    assert complete_if_due(member, lesson)


# documents


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def test_a_required_document_is_drawn_and_read_page_by_page(run_jobs: Callable[[], int]) -> None:
    document = make_document(make_pdf(3))
    lesson = make_lesson(seconds=0, body=[("reading", {"document": document})])
    pages.queue_pages_of(lesson)
    run_jobs()
    pages.draw_document(document.pk)
    assert units_of(lesson) == {f"d{document.pk}-{number}": 5_000 for number in (1, 2, 3)}
    member = make_member()
    page = signed_in(member).get(lesson.url).content.decode()
    assert page.count("data-page") == 3
    address = page.split('src="/courses/pages/')[1].split('"')[0]
    shown = signed_in(member).get(f"/courses/pages/{address}")
    assert shown.status_code == 200
    picture = Image.open(BytesIO(b"".join(shown.streaming_content)))
    assert (picture.format, picture.width) == ("WEBP", 720)
    assert signed_in(make_member()).get(f"/courses/pages/{address}").status_code == 404
    assert signed_in(member).get(f"/courses/pages/x{address}").status_code == 404


def test_a_page_that_does_not_exist_is_not_found() -> None:
    document = make_document(make_pdf(1))
    pages.draw_document(document.pk)
    member, copy = make_member(), DocumentCopy.objects.get()
    for number, width in ((0, 720), (2, 720), (1, 999)):
        with pytest.raises(NotFound):
            pages.page_file(pages.token_for(copy, member), number, width, member)


LONG = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
STRIP = LONG + b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 1 14400]>>endobj\ntrailer<</Root 1 0 R>>"


@pytest.mark.parametrize("content", [b"", b"MZ not a pdf", make_pdf(1)[:200], STRIP, make_pdf(201)])
def test_hostile_files_are_refused_in_words(content: bytes) -> None:
    document = make_document(content or b" ")
    pages.draw_document(document.pk)
    copy = DocumentCopy.objects.get()
    assert copy.pages == []
    assert "请" in copy.error


def test_the_child_imports_no_django_and_is_limited(tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(make_pdf(1))
    code = (
        f"import sys, runpy; sys.argv = ['x', {str(source)!r}, {str(tmp_path)!r}];"
        f"runpy.run_path({pages.pdf_pages.__file__!r}, run_name='__main__');"
        "import resource; assert 'django' not in sys.modules;"
        "assert resource.getrlimit(resource.RLIMIT_AS)[0] > 0"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
