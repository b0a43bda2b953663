"""Drawing the pages of documents that lessons require to be read, in the background, and who may see a page."""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from courses.domain import pdf_pages
from courses.models import DocumentCopy, LessonPage
from courses.models.reading import WIDTHS
from media.models import Document
from school.kernel.domain.jobs import enqueue
from school.kernel.errors import NotFound

if TYPE_CHECKING:
    from school.people.models import User

SALT = "courses.pages"
LIFETIME_SECONDS = 12 * 3600
WALL_SECONDS = 110  # the cluster ends a job after 120
TOO_MUCH = "文件过大或过于复杂，没能显示，请另存为普通 PDF 或拆分后重新上传。"


def queue_pages_of(lesson: LessonPage) -> None:
    """Have each required document of a published lesson drawn, once for each content of the file."""
    for document in required_documents(lesson):
        digest = document.get_file_hash()
        transaction.on_commit(
            lambda pk=document.pk, digest=digest: enqueue(draw_document, pk, key=f"pages:{pk}:{digest}")
        )


def required_documents(lesson: LessonPage) -> list[Document]:
    """Of the lesson's body, in order. A chooser whose document is gone counts for nothing."""
    found = [block.value["document"] for block in lesson.body if block.block_type == "reading"]
    return [document for document in found if document]


def draw_document(document_id: int) -> None:
    """Draw all pages and then show them together; safe to repeat. A refused file keeps its reason in words."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        return
    copy, _ = DocumentCopy.objects.get_or_create(document=document)
    digest = document.get_file_hash()
    if copy.digest == digest:
        return
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        with document.file.open("rb") as file:
            source.write_bytes(file.read())
        answer = _answer_of_child(source, Path(folder))
        for number in range(1, len(answer.get("pages", [])) + 1):
            _keep(copy, Path(folder), number)
    copy.digest, copy.pages, copy.error = digest, answer.get("pages", []), answer.get("refused", "")[:200]
    copy.save()


def token_for(copy: DocumentCopy, member: "User") -> str:
    """Opens the pages of this document to this member for half a day. The caller has checked the lesson."""
    return signing.dumps([copy.pk, member.pk], salt=SALT)


def page_file(token: str, number: int, width: int, member: "User") -> File:
    """The picture behind an address; NotFound for a forged, expired or foreign token and for no such page."""
    try:
        copy_id, owner = signing.loads(token, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature as error:
        raise NotFound from error
    copy = DocumentCopy.objects.filter(pk=copy_id).first()
    if copy is None or owner != member.pk or width not in WIDTHS or not 1 <= number <= len(copy.pages):
        raise NotFound
    return default_storage.open(copy.file_name(number, width))


def _keep(copy: DocumentCopy, folder: Path, number: int) -> None:
    for width in WIDTHS:
        name = copy.file_name(number, width)
        if default_storage.exists(name):
            default_storage.delete(name)
        with (folder / f"{number}-{width}.webp").open("rb") as picture:
            default_storage.save(name, File(picture))


def _answer_of_child(source: Path, folder: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(Path(pdf_pages.__file__)), str(source), str(folder)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=WALL_SECONDS, check=False, env={"PATH": os.environ.get("PATH", "")}
        )
    except subprocess.TimeoutExpired:
        return {"refused": TOO_MUCH}
    if done.returncode:
        return {"refused": TOO_MUCH}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer
