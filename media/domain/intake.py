"""Background: from an upload whose parts are all there to a video in the library, or to a refusal in words."""

import logging
import os
import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path, PurePath

from django.core.files import File
from django.core.files.storage import Storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import Collection

from media.domain import parts
from media.domain.additions import describe
from media.domain.checking import check_film
from media.domain.probing import Probe
from media.enums import UPLOAD_MOVES, UploadState
from media.models import Upload, Video
from media.queries import twin_of
from school.kernel import transitions
from school.kernel.domain.jobs import enqueue
from school.kernel.errors import DomainError

log = logging.getLogger(__name__)
LOST = "服务器硬盘上的部分内容与上传时不一致。请重新选择同一个文件，系统只补传缺少的部分。"
UNEXPECTED = "检查时系统出错，已传的内容还在。请点“继续”重新检查；若仍失败，请联系系统管理员。"
ORIGINALS = "media"  # where wagtailmedia keeps files
PATIENCE = timedelta(hours=2)  # a check that has not ended by then has lost its worker


def check_again(upload: Upload) -> None:
    """Queue the check of a locked upload. Each has a key of its own, so that a repeat is not taken for the first."""
    upload.checks += 1
    upload.touched_at = timezone.now()
    upload.save(update_fields=["checks", "touched_at"])
    enqueue(check_upload, str(upload.pk), key=job_key(upload), cluster="video")


def stranded_checks() -> models.QuerySet[Upload]:
    return Upload.objects.filter(state=UploadState.CHECKING, touched_at__lt=timezone.now() - PATIENCE)


def job_key(upload: Upload) -> str:
    return f"upload:{upload.pk}:{upload.checks}"


def check_upload(key: str) -> None:
    """Verify the bytes on disk, recognise a duplicate, probe, and take the file in. Safe to run twice."""
    upload = Upload.objects.select_related("owner", "replaces").get(pk=key)
    if upload.state != UploadState.CHECKING:
        return
    try:
        if digest := _verified(upload):
            _take_in(upload, digest)
    except Exception as error:
        if Upload.objects.exclude(state=UploadState.CHECKING).filter(pk=key).exists():
            log.info("upload %s was taken in by a twin of this job: %s", key, error)
        elif isinstance(error, DomainError):
            _end(upload, UploadState.REFUSED, error=error.message[:300])
        else:
            _end(upload, UploadState.RECEIVING, error=UNEXPECTED)
            raise


def _verified(upload: Upload) -> str:
    """The SHA-256 of the whole file; "" after asking again for parts that the disk has lost."""
    found, whole = parts.read_through(upload.pk, upload.part_bytes)
    kept = {number: digest for number, digest in upload.received.items() if found[int(number) :][:1] == [digest]}
    if len(kept) < upload.part_count:
        _end(upload, UploadState.RECEIVING, error=LOST, received=kept)
        return ""
    return whole


def _take_in(upload: Upload, digest: str) -> None:
    if twin := twin_of(digest, upload.owner, upload.replaces):
        _end(upload, UploadState.DONE, video=twin, sha256=digest)
        return
    path = parts.place_of(upload.pk)
    if not path.exists():
        return  # a twin of this job has moved it
    found = check_film(path)
    name = _store(upload, path)  # before the lock: into a bucket this takes minutes
    if not _keep(upload, found, digest, name):
        _storage().delete(name)


def _keep(upload: Upload, found: Probe, digest: str, name: str) -> bool:
    """Let a video name the stored file; False when it is not needed after all."""
    with transaction.atomic():
        # any one row that always exists will do: it puts those who add videos in a line
        Collection.objects.select_for_update().get(pk=Collection.get_first_root_node().pk)
        locked = Upload.objects.select_for_update(of=("self",)).select_related("replaces").get(pk=upload.pk)
        if locked.state != UploadState.CHECKING:
            return False  # a twin of this job was quicker
        twin = twin_of(digest, upload.owner, upload.replaces)
        video = twin or _video_of(locked, found, digest)
        if twin is None:
            previous, video.file.name = video.file.name, name
            video.save()  # the signal handler queues its transcoding
            if previous:
                transaction.on_commit(lambda: _storage().delete(previous))
        _end(locked, UploadState.DONE, video=video, sha256=digest)
        return twin is None


def _video_of(upload: Upload, found: Probe, digest: str) -> Video:
    """The row that the file belongs to: a new one, or the one whose file is replaced."""
    video = upload.replaces or Video(
        title=upload.title,
        collection_id=upload.collection_id,
        organisation_id=upload.organisation_id,
        uploaded_by_user_id=upload.owner_id,
    )
    describe(video, found)
    video.sha256, video.size = digest, upload.size
    return video


def _storage() -> Storage:
    storage: Storage = Video._meta.get_field("file").storage  # type: ignore[union-attr]
    return storage


def _store(upload: Upload, path: Path) -> str:
    """Give the file to the storage, and return its name there; the parts stay until all is committed."""
    suffix = PurePath(upload.file_name).suffix.lower()
    own = uuid.uuid4().hex[:8]
    name = f"{upload.pk.hex}-{own}{suffix if re.fullmatch(r'[.][a-z0-9]{1,8}', suffix) else ''}"
    with _second_name(path) as file:
        return _storage().save(f"{ORIGINALS}/{name}", file)


@contextmanager
def _second_name(path: Path) -> Iterator[File]:
    """The file under another name, which the storage may move away without a copy and without loss at a crash."""
    second = path.with_name(f"{uuid.uuid4().hex}{parts.WHOLE}")
    try:
        os.link(path, second)
    except OSError:  # a disk without hard links
        shutil.copyfile(path, second)
    try:
        with second.open("rb") as file:
            yield MovableFile(file, second)
    finally:
        second.unlink(missing_ok=True)


class MovableFile(UploadedFile):
    """Tells a storage on this disk where the file lies, so that it renames instead of copying."""

    def __init__(self, file: object, path: Path) -> None:
        super().__init__(file, path.name, size=path.stat().st_size)  # type: ignore[arg-type]
        self.path = path

    def temporary_file_path(self) -> str:
        return str(self.path)


def _end(upload: Upload, state: str, **changes: object) -> None:
    """Leave the state of checking, unless a twin of this job has; what is decided needs its parts no longer."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update(of=("self",)).get(pk=upload.pk)
        if locked.state != UploadState.CHECKING:
            return
        transitions.move(locked, state, UPLOAD_MOVES, touched_at=timezone.now(), **changes)
        if state != UploadState.RECEIVING:
            transaction.on_commit(lambda: parts.drop(upload.pk))
