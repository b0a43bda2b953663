"""Caption tracks of a video: imported, edited against a version, published, taken back, deleted."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from media.domain.subtitles import CaptionsRefused, arrange, read_captions
from media.enums import CAPTION_MOVES, CaptionSource, CaptionState
from media.kinds.caption_format import Fault, Line, Reading
from media.models import CaptionTrack, Cue, Video
from media.registry import CAPTION_FORMATS
from media.signals import captions_changed
from school.kernel import transitions
from school.kernel.domain import audit
from school.kernel.errors import DomainError

if TYPE_CHECKING:
    from school.people.models import User

BY_MACHINE = (CaptionSource.EMBEDDED, CaptionSource.RECOGNISED)


class ChangedMeanwhile(DomainError):
    """Somebody else saved this since the editor was opened; nothing was written."""

    code = "changed_meanwhile"


def import_track(video: Video, language: str, content: bytes, *, source: str, by: "User | None" = None) -> CaptionTrack:
    """Read a caption file (SRT, WebVTT, ASS, SSA in any common encoding) and keep it as the track of `language`.

    Replaces the cues of an existing track, except that a machine (EMBEDDED, RECOGNISED) leaves alone what a person
    made or changed. What a machine heard begins as a draft. Raises InvalidInput or TooLarge, and then writes nothing.
    """
    return keep_reading(video, language, read_captions(content, video.duration_ms), source=source, by=by)


def keep_reading(
    video: Video, language: str, reading: Reading, *, source: str, by: "User | None" = None
) -> CaptionTrack:
    """Make the cues of a reading the track of `language`; see import_track."""
    with transaction.atomic():
        Video.objects.select_for_update().get(pk=video.pk)  # two imports at once end with one track
        state = CaptionState.DRAFT if source == CaptionSource.RECOGNISED else CaptionState.PUBLISHED
        track, is_new = CaptionTrack.objects.get_or_create(
            video=video, language=language, defaults={"state": state, "source": source, "changed_by": by}
        )
        if not is_new and source in BY_MACHINE and is_of_person(track):
            return track
        track.source = source
        _write(track, reading.lines, by, is_new=is_new)
    return track


def is_of_person(track: CaptionTrack) -> bool:
    """Has a person made this track, or put a hand to it?"""
    return track.changed_by_id is not None or track.source not in BY_MACHINE


def save_cues(track: CaptionTrack, lines: list[Line], *, version: int, by: "User") -> CaptionTrack:
    """Replace all cues by `lines`, whose rows count from 1 as the editor shows them.

    Raises ChangedMeanwhile when `version` is not the newest, CaptionsRefused with a fault for each bad row.
    """
    with transaction.atomic():
        locked = CaptionTrack.objects.select_for_update(of=("self",)).select_related("video").get(pk=track.pk)
        if locked.version != version:
            raise ChangedMeanwhile("这份字幕刚刚被别人改过，您的修改还没有保存。请先复制您的文字，再刷新页面。")
        arranged = arrange(lines, locked.video.duration_ms)
        faults = [*arranged.faults, *_empty_rows(lines)]
        if faults:
            raise CaptionsRefused(sorted(faults, key=lambda fault: fault.row))
        _write(locked, arranged.lines, by, is_new=False)
    return locked


def publish_track(track: CaptionTrack, *, by: "User") -> None:
    """Let members see the captions."""
    _move(track, CaptionState.PUBLISHED, by)


def withdraw_track(track: CaptionTrack, *, by: "User") -> None:
    """Hide the captions from members; they stay for editing."""
    _move(track, CaptionState.DRAFT, by)


def delete_track(track: CaptionTrack, *, by: "User") -> None:
    """Delete a track with its cues. Not to be undone, so the audit trail says who did it."""
    with transaction.atomic():
        audit.record("captions.deleted", actor=by, target=track.video, language=track.language)
        track.delete()
        _tell(track.video_id)


def lines_of(track: CaptionTrack) -> list[Line]:
    """The cues in order of time; the row counts from 1."""
    found = track.cues.values_list("start_ms", "end_ms", "text")
    return [Line(start, end, text, row) for row, (start, end, text) in enumerate(found, start=1)]


def written(track: CaptionTrack, code: str) -> str:
    """The track as the text of a file of format `code` ("vtt" or "srt")."""
    return CAPTION_FORMATS[code].write(lines_of(track))


def _write(track: CaptionTrack, lines: list[Line], by: "User | None", *, is_new: bool) -> None:
    track.version = track.version if is_new else track.version + 1
    track.changed_by, track.changed_at = by, timezone.now()
    track.save(update_fields=["source", "version", "changed_by", "changed_at"])
    track.cues.all().delete()
    Cue.objects.bulk_create(
        (Cue(track=track, start_ms=n.start_ms, end_ms=n.end_ms, text=n.text) for n in lines), batch_size=500
    )
    audit.record("captions.saved", actor=by, target=track.video, language=track.language, cues=len(lines))
    _tell(track.video_id)


def _empty_rows(lines: list[Line]) -> list[Fault]:
    return [Fault(line.row, "这一条没有文字。请填写，或删去这一条。") for line in lines if not line.text]


def _move(track: CaptionTrack, state: str, by: "User") -> None:
    with transaction.atomic():
        transitions.move(track, state, CAPTION_MOVES, changed_by=by, changed_at=timezone.now())
        audit.record(f"captions.{state}", actor=by, target=track.video, language=track.language)
        _tell(track.video_id)


def _tell(video_id: int) -> None:
    transaction.on_commit(lambda: captions_changed.send(sender=Video, video_id=video_id))
