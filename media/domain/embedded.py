"""Subtitle streams inside a video become WebVTT, one file a language; pictures of letters are left alone."""

from pathlib import Path

from media.domain import graphs
from media.domain.probing import Probe, Subtitle
from media.domain.running import Tick, run
from media.domain.sandbox import Sandbox
from media.enums import Language

# ISO 639-2 and what muxers also write; a language that we do not know is not offered to members
LANGUAGES = {
    **dict.fromkeys(("", "und", "chi", "zho", "zh", "zh-cn", "chs", "cmn"), Language.CHINESE),
    **dict.fromkeys(("cht", "zh-tw", "zh-hk"), Language.TRADITIONAL),
    **dict.fromkeys(("eng", "en"), Language.ENGLISH),
    **dict.fromkeys(("tib", "bod", "bo"), Language.TIBETAN),
    **dict.fromkeys(("uig", "ug"), Language.UYGHUR),
    **dict.fromkeys(("mon", "mn"), Language.MONGOLIAN),
    **dict.fromkeys(("kaz", "kk"), Language.KAZAKH),
}


def chosen(probe: Probe) -> dict[str, Subtitle]:
    """The first subtitle stream of each language that we offer, by its tag."""
    found: dict[str, Subtitle] = {}
    for stream in probe.subtitles:
        language = LANGUAGES.get(stream.language.lower())
        if language:
            found.setdefault(str(language.value), stream)
    return found


def extract(box: Sandbox, probe: Probe, target: Path, tick: Tick) -> dict[str, bytes]:
    """The text of each language as WebVTT; empty when the file carries none."""
    streams = chosen(probe)
    if not streams:
        return {}
    names = [f"tmp-{number}.vtt" for number in range(len(streams))]
    run(graphs.subtitles(box, tuple(streams.values()), names), probe.duration, tick)
    texts = {}
    for language, name in zip(streams, names, strict=True):
        texts[language] = (target / name).read_bytes()
        (target / name).unlink()
    return {language: text for language, text in texts.items() if b"-->" in text}
