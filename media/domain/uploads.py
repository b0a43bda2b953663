"""Uploading a video in parts: begin, take parts in any order, finish, give up. A broken line costs one part at most."""

import errno
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection

from media import rules
from media.domain import parts
from media.domain.intake import check_again, stranded_checks
from media.enums import UPLOAD_MOVES, UploadState
from media.models import Upload, Video
from media.queries import twin_of
from school.kernel import transitions
from school.kernel.errors import DomainError, InvalidInput, NotAllowed, NotFound, TooLarge
from school.people.models import Organisation

if TYPE_CHECKING:
    from school.people.models import User

PART_BYTES = 8 * 1024**2
MAX_BYTES = 4 * 1024**3
MAX_OPEN = 30  # unfinished uploads of one person
KEPT_FOR = timedelta(days=7)
RESERVE_BYTES = 1024**3  # left free for the database and the transcoder
FULL = "服务器的存储空间不足，暂时不能上传。请联系系统管理员清理空间，之后选择同一个文件即可接着传。"


@dataclass(frozen=True)
class Wanted:
    """What a person wants to upload. Digests are lower-case hex, or empty when the browser could not tell."""

    file_name: str
    size: int
    collection: Collection
    title: str = ""
    organisation: Organisation | None = None
    sha256: str = ""
    fingerprint: str = ""
    replaces: Video | None = None
    is_copy_wanted: bool = False  # the person was told of a look-alike and uploads nevertheless


@dataclass(frozen=True)
class Begun:
    """Either an upload to go on with, or the video that makes it needless. `is_certain`: the whole digest agrees."""

    upload: Upload | None = None
    twin: Video | None = None
    is_certain: bool = False


def begin_upload(wanted: Wanted, *, by: "User") -> Begun:
    """Start an upload, take up an unfinished one of the same file, or name the video that is in the library already.

    Raises NotAllowed, InvalidInput, TooLarge, and DomainError "disk_full" (507) or "too_many_open".
    """
    _check_wanted(wanted, by)
    twin = twin_of(wanted.sha256, by, wanted.replaces)
    if twin:
        return Begun(twin=twin, is_certain=True)
    with transaction.atomic():
        if found := _unfinished(wanted, by):
            return Begun(found)
        if not wanted.is_copy_wanted and (likely := _look_alike(wanted, by)):
            return Begun(twin=likely)
        _check_room(wanted, by)
        upload = Upload.objects.create(
            owner=by,
            collection=wanted.collection,
            organisation=wanted.organisation,
            title=(wanted.title or PurePath(wanted.file_name).stem)[:255],
            file_name=wanted.file_name[-255:],
            size=wanted.size,
            part_bytes=PART_BYTES,
            fingerprint=wanted.fingerprint,
            replaces=wanted.replaces,
        )
    return Begun(upload)


def take_part(key: UUID, number: int, stream: Any, *, digest: str, by: "User") -> Upload:
    """Read one part from `stream` and count it once its bytes agree with `digest` (empty: taken as they are).

    The same part twice, two parts at once and any order end alike. Raises NotFound, IllegalMove, and DomainError
    "part_damaged" or "part_cut" (send it again) or "disk_full".
    """
    upload = upload_of(key, by)
    if not 0 <= number < upload.part_count:
        raise InvalidInput("没有这个分片，请刷新页面后重新选择文件。", code="no_such_part")
    if str(number) in upload.received and upload.state == UploadState.RECEIVING:
        return upload
    try:
        with parts.arriving(stream, upload.length_of(number)) as part:
            if digest and digest != part.digest:
                raise DomainError("这一段在传输中损坏，正在重传。", code="part_damaged")
            return _count(upload, number, part)
    except parts.CutOff as error:
        raise DomainError("这一段没有传完，正在重传。", code="part_cut") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DomainError(FULL, code="disk_full", status=507) from error
        raise


def finish_upload(key: UUID, *, by: "User") -> Upload:
    """All parts are there: check the file in the background. A second call changes nothing."""
    with transaction.atomic():
        upload = upload_of(key, by, is_locked=True)
        if upload.state in (UploadState.CHECKING, UploadState.DONE):
            return upload
        if upload.missing:
            raise DomainError("文件还没有传完，请稍候。", code="parts_missing")
        transitions.move(upload, UploadState.CHECKING, UPLOAD_MOVES, error="", touched_at=timezone.now())
        check_again(upload)
    return upload


def rename_upload(key: UUID, title: str, *, by: "User") -> Upload:
    """The title that the video will have, or has when it is in the library already."""
    title = title.strip()
    if not title:
        raise InvalidInput("标题不能为空。", fields={"title": "标题不能为空。"})
    with transaction.atomic():
        upload = upload_of(key, by, is_locked=True)
        upload.title = title[:255]
        upload.save(update_fields=["title"])
        if upload.video and rules.can_change(by, upload.video):
            upload.video.title = upload.title
            upload.video.save(update_fields=["title"])
    return upload


def give_up(key: UUID, *, by: "User") -> Upload:
    """Forget an upload and its bytes."""
    with transaction.atomic():
        upload = upload_of(key, by, is_locked=True)
        if upload.state != UploadState.ABANDONED:
            transitions.move(upload, UploadState.ABANDONED, UPLOAD_MOVES, touched_at=timezone.now())
        transaction.on_commit(lambda: parts.drop(upload.pk))
    return upload


def tend_uploads() -> int:
    """Each hour: forget uploads that nobody went on with for seven days, and returns how many.

    Checks whose worker died are queued again.
    """
    count = 0
    for upload in stranded_checks():
        with transaction.atomic():
            check_again(upload)
    for upload in Upload.objects.filter(state=UploadState.RECEIVING, touched_at__lt=timezone.now() - KEPT_FOR):
        give_up(upload.pk, by=upload.owner)
        count += 1
    return count


def upload_of(key: UUID, owner: "User", *, is_locked: bool = False) -> Upload:
    """The person's own upload; those of others do not exist."""
    rows = Upload.objects.select_for_update(of=("self",)) if is_locked else Upload.objects
    found = rows.filter(pk=key, owner=owner).select_related("video").first()
    if found is None:
        raise NotFound
    return found


def _check_wanted(wanted: Wanted, by: "User") -> None:
    if wanted.replaces:
        if not rules.can_change(by, wanted.replaces):
            raise NotAllowed("您不能替换这个视频的文件。")
    elif not rules.collections_to_add_to(by).filter(pk=wanted.collection.pk).exists():
        raise NotAllowed("您不能往这个文件夹上传，请换一个文件夹。")
    if wanted.size <= 0:
        raise InvalidInput("这个文件是空的（0 字节），请重新导出或重新选择。")
    if wanted.size > MAX_BYTES:
        raise TooLarge("文件超过 4 GB。请用转换工具压缩，或剪成几段分别上传。")


def _unfinished(wanted: Wanted, by: "User") -> Upload | None:
    """The same file again: known by its fingerprint, or by name and size where the browser made none."""
    same = Upload.objects.select_for_update().filter(
        owner=by, state=UploadState.RECEIVING, size=wanted.size, replaces=wanted.replaces
    )
    named = same.filter(fingerprint=wanted.fingerprint)
    return (named if wanted.fingerprint else named.filter(file_name=wanted.file_name[-255:])).first()


def _look_alike(wanted: Wanted, by: "User") -> Video | None:
    """A video that came from a file of this size with the same beginning and end: almost certainly the same."""
    if not wanted.fingerprint or wanted.replaces:
        return None
    earlier = Upload.objects.filter(fingerprint=wanted.fingerprint, size=wanted.size, state=UploadState.DONE)
    found: Video | None = rules.videos_seen_by(by).filter(pk__in=earlier.values("video_id"), size=wanted.size).first()
    return found


def _check_room(wanted: Wanted, by: "User") -> None:
    open_uploads = Upload.objects.filter(state__in=[UploadState.RECEIVING, UploadState.CHECKING])
    if open_uploads.filter(owner=by).count() >= MAX_OPEN:
        raise DomainError(
            f"您有 {MAX_OPEN} 个上传还没有完成。请先传完或放弃其中一些，再添加新的文件。", code="too_many_open"
        )
    promised = sum(row.size - row.bytes_received for row in open_uploads.only("size", "part_bytes", "received"))
    if parts.free_bytes() - promised - wanted.size < RESERVE_BYTES:
        raise DomainError(FULL, code="disk_full", status=507)


def _count(upload: Upload, number: int, part: parts.Part) -> Upload:
    """Put a verified part in its place, once, and note it. The row's lock also orders the writers of the file."""
    with transaction.atomic():
        locked = Upload.objects.select_for_update().get(pk=upload.pk)
        if locked.state != UploadState.RECEIVING:
            raise DomainError("这个上传已经结束，请刷新页面。", code="upload_closed")
        if str(number) not in locked.received:
            parts.put(part, locked.pk, number * locked.part_bytes)
            locked.received = {**locked.received, str(number): part.digest}
        locked.touched_at = timezone.now()
        locked.save(update_fields=["received", "touched_at"])
    return locked
