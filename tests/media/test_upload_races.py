"""Two browsers, or one with a bad line, send the same things at once: what counts is counted once."""

import hashlib
import io
from pathlib import Path

import pytest
from wagtail.models import Collection

from media.domain import parts, uploads
from media.domain.intake import check_upload
from media.models import Upload, Video
from school.kernel.errors import DomainError
from school.kernel.models import BackgroundJob
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import Role
from tests.factories import make_member
from tests.media.test_uploads import encode
from tests.threads import RACES, at_once

pytestmark = RACES


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return encode(tmp_path / "clip.mp4").read_bytes()


@pytest.fixture
def upload(content: bytes, monkeypatch: pytest.MonkeyPatch) -> Upload:
    monkeypatch.setattr(uploads, "PART_BYTES", 4096)
    ensure_studio()
    person = make_member()
    join_studio(person, Role.EDITOR)
    wanted = uploads.Wanted("片.mp4", len(content), Collection.get_first_root_node())
    begun = uploads.begin_upload(wanted, by=person)
    assert begun.upload
    return begun.upload


def send(upload: Upload, content: bytes, number: int) -> None:
    body = content[number * upload.part_bytes : (number + 1) * upload.part_bytes]
    digest = hashlib.sha256(body).hexdigest()
    uploads.take_part(upload.pk, number, io.BytesIO(body), digest=digest, by=upload.owner)


def test_the_same_part_from_eight_sides(upload: Upload, content: bytes) -> None:
    at_once(lambda place: send(upload, content, 1))
    upload.refresh_from_db()
    assert list(upload.received) == ["1"]
    assert parts.place_of(upload.pk).read_bytes()[4096:8192] == content[4096:8192]


def test_all_parts_at_once_lose_none(upload: Upload, content: bytes) -> None:
    at_once(lambda place: [send(upload, content, n) for n in range(place % 2, upload.part_count, 2)])
    upload.refresh_from_db()
    assert upload.missing == []
    assert parts.place_of(upload.pk).read_bytes() == content


def test_finished_from_eight_sides_is_one_video(upload: Upload, content: bytes) -> None:
    for number in range(upload.part_count):
        send(upload, content, number)
    at_once(lambda place: uploads.finish_upload(upload.pk, by=upload.owner))
    assert BackgroundJob.objects.filter(key__startswith="upload:").count() == 1
    at_once(lambda place: check_upload(str(upload.pk)), threads=4)
    assert Video.objects.count() == 1
    assert Video.objects.get().file.read() == content


def test_a_part_and_giving_up_meet(upload: Upload, content: bytes) -> None:
    def act(place: int) -> str:
        try:
            if place == 0:
                uploads.give_up(upload.pk, by=upload.owner)
            else:
                send(upload, content, place % upload.part_count)
        except DomainError as refused:
            return refused.code
        return ""

    assert set(at_once(act)) <= {"", "upload_closed"}
    assert not parts.place_of(upload.pk).exists()
