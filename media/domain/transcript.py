"""The words of a video for reading and for the search: published captions, and passages of about half a minute."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch

from media.enums import CaptionState, Language
from media.kinds.timestamps import short_clock
from media.models import CaptionTrack, Chapter, Cue, Video

PASSAGE_MS = 30_000
SENTENCE_ENDS = "。！？!?…"


@dataclass(frozen=True)
class Spoken:
    """One line: where it is said, in seconds for the player and as a clock for the reader.

    `folded` is the text as the search folds it, sign for sign as long as the text, so that places agree.
    """

    seconds: str
    clock: str
    text: str
    folded: str


@dataclass(frozen=True)
class Script:
    """What is said in one language."""

    language: str
    label: str
    lines: list[Spoken]


@dataclass(frozen=True)
class Transcript:
    """What a reader sees beside the player."""

    scripts: list[Script]
    chapters: list[Spoken]


@dataclass(frozen=True)
class Stretch:
    """Some lines that follow each other, for the search: about half a minute."""

    start_ms: int
    text: str

    @property
    def clock(self) -> str:
        return short_clock(self.start_ms)


def transcript_of(video: Video, fold: Callable[[str], str]) -> Transcript:
    """The published scripts, Chinese first, and the chapters. `fold` maps one sign to its folded form; 3 queries."""
    order = {language: place for place, language in enumerate(Language.values)}
    tracks = sorted(_published(video), key=lambda track: order[track.language])
    scripts = [
        Script(track.language, track.get_language_display(), [_spoken(cue, fold) for cue in track.cues.all()])
        for track in tracks
    ]
    return Transcript(scripts, [_spoken(chapter, fold) for chapter in video.chapters.all()])


def stretches_of(video: Video) -> Iterator[Stretch]:
    """The published words of every language in stretches of half a minute, cut at the ends of sentences if possible."""
    for track in _published(video):
        start = 0
        held: list[str] = []
        for cue in track.cues.all():
            if held and _is_full(start, cue.start_ms, held[-1]):
                yield Stretch(start, "\n".join(held))
                held = []
            if not held:
                start = cue.start_ms
            held.append(cue.text)
        if held:
            yield Stretch(start, "\n".join(held))


def _is_full(start: int, now: int, last: str) -> bool:
    """After 30 s at the end of a sentence, after 45 s anywhere."""
    length = now - start
    return length >= PASSAGE_MS and (last[-1:] in SENTENCE_ENDS or length >= PASSAGE_MS * 3 // 2)


def _published(video: Video) -> list[CaptionTrack]:
    tracks = video.captions.filter(state=CaptionState.PUBLISHED)
    return list(tracks.prefetch_related(Prefetch("cues", Cue.objects.order_by("start_ms", "id"))))


def _spoken(line: Cue | Chapter, fold: Callable[[str], str]) -> Spoken:
    text = line.title if isinstance(line, Chapter) else line.text
    folded = "".join(piece if len(piece := fold(sign)) == 1 else sign for sign in text)
    return Spoken(f"{line.start_ms / 1000:.3f}", short_clock(line.start_ms), text, folded)
