"""Each kind of film through the whole pipeline with the real ffmpeg; what comes out is opened and measured."""

import json
import re
import subprocess
import uuid
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image, ImageStat

from media.domain.binaries import ffmpeg
from media.domain.boxes import audio_codec, video_codec
from media.domain.extras import join
from media.domain.planning import frame_rate
from media.domain.playlists import rate_of, segments_of
from media.domain.probing import Probe, probe
from media.domain.transcoding import Result, transcode
from tests.media import clips

VARIANT = re.compile(r"#EXT-X-STREAM-INF:(.*)\n(.*)/index.m3u8")


class Made:
    """A finished folder and what the probe had said of its source."""

    def __init__(self, source: Path, folder: Path) -> None:
        self.found: Probe = probe(source)
        self.shares: list[float] = []
        self.folder = folder / uuid.uuid4().hex
        self.folder.mkdir()
        self.result: Result = transcode(source, self.folder, self.found, self.shares.append)
        self.master = (self.folder / "master.m3u8").read_text()

    @property
    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def joined(self, name: str) -> Path:
        path = self.folder.parent / f"{uuid.uuid4().hex}.mp4"
        join(self.folder / name, path)
        return path

    def picture(self, name: str) -> Any:
        with av.open(str(self.joined(name))) as container:
            return next(container.decode(video=0))

    def keyframes(self, name: str) -> list[float]:
        with av.open(str(self.joined(name))) as container:
            return [float(p.pts * p.time_base) for p in container.demux(video=0) if p.is_keyframe and p.pts is not None]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Made]:
    home = tmp_path_factory.mktemp("branches")

    def make(builder: Callable[..., Path], name: str, *arguments: str, **options: Any) -> Made:
        folder = home / uuid.uuid4().hex
        folder.mkdir()
        return Made(builder(folder / name, *arguments, **options), folder)

    return make


@pytest.fixture(scope="module")
def bunny(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A real film of 5.3 seconds, 1280 by 720, with six channels of sound."""
    return Made(clips.BUNNY, tmp_path_factory.mktemp("bunny"))


def test_a_real_film_gets_its_rungs_and_its_extras(bunny: Made) -> None:
    assert bunny.names == {
        *("720", "480", "audio", "master.m3u8", "poster.jpg", "sprite.jpg", "thumbnails.vtt", "progressive.mp4")
    }
    assert [(rung.name, rung.width, rung.height) for rung in bunny.result.plan.rungs] == [
        ("720", 1280, 720),
        ("480", 852, 480),
    ]
    assert bunny.shares == sorted(bunny.shares)
    assert 0 <= bunny.shares[0] < bunny.shares[-1] <= 1


def test_the_master_playlist_tells_the_truth(bunny: Made) -> None:
    variants = {name: attributes for attributes, name in VARIANT.findall(bunny.master)}
    assert list(variants) == ["720", "480", "audio"]
    sound = rate_of(bunny.folder / "audio")
    for name in ("720", "480"):
        heaviest = max(
            (bunny.folder / name / segment).stat().st_size * 8 / max(seconds, 1)
            for segment, seconds in segments_of(bunny.folder / name)
        )
        bandwidth = int(re.findall(r"(?<!-)BANDWIDTH=(\d+)", variants[name])[0])
        assert heaviest + sound.peak <= bandwidth <= heaviest + sound.peak + 2
        init = bunny.folder / name / "init.mp4"
        with av.open(str(init)) as container:
            extra = container.streams.video[0].codec_context.extradata
        assert f'CODECS="avc1.{extra[1:4].hex()},mp4a.40.2"' in variants[name]
        assert video_codec(init) == f"avc1.{extra[1:4].hex()}"
        assert "FRAME-RATE=25.000" in variants[name]
        assert 'AUDIO="audio"' in variants[name]
    assert "RESOLUTION" not in variants["audio"]
    assert audio_codec(bunny.folder / "audio" / "init.mp4") == "mp4a.40.2"
    assert 'TYPE=AUDIO,GROUP-ID="audio"' in bunny.master


def test_keyframes_are_aligned_over_rungs_and_segments(make: Callable[..., Made]) -> None:
    made = make(clips.film, "long.mp4", size="854x480", rate="30000/1001", seconds=13)
    tall = make(clips.film, "tall.mp4", size="1280x720", rate="25", seconds=13)
    assert tall.keyframes("720") == tall.keyframes("480")
    assert len(tall.keyframes("720")) == 3
    assert [seconds for _, seconds in segments_of(tall.folder / "720")][:2] == [6.0, 6.0]
    assert made.result.plan.fps == Fraction(30000, 1001)
    assert len(made.keyframes("480")) == len(segments_of(made.folder / "480")) == 3
    assert len(segments_of(made.folder / "audio")) == 3


def loudness_of(path: Path) -> tuple[float, float]:
    """Integrated LUFS and true peak in dBTP, as ebur128 hears them."""
    command = [ffmpeg(), "-nostdin", "-hide_banner", "-i", str(path), "-af", "ebur128=peak=true", "-f", "null", "-"]
    talk = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", talk)[-1]), float(
        re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", talk)[-1]
    )


@pytest.mark.parametrize("sound", ["sine=f=300:d=8,volume=-24dB", "anoisesrc=d=8:a=0.9:c=pink", "sine=f=997:d=8"])
def test_sound_is_as_loud_as_all_other_sound(make: Callable[..., Made], sound: str) -> None:
    made = make(clips.film, "loud.mp4", size="160x90", rate="10", seconds=8, sound=sound)
    loudness, peak = loudness_of(made.joined("audio"))
    assert loudness == pytest.approx(-16, abs=1)
    assert peak <= -1


def test_a_real_film_with_six_channels_is_as_loud(bunny: Made) -> None:
    loudness, peak = loudness_of(bunny.joined("audio"))
    assert loudness == pytest.approx(-16, abs=1.5)
    assert peak <= -1
    with av.open(str(bunny.joined("audio"))) as container:
        context = container.streams.audio[0].codec_context
        assert (context.layout.name, context.sample_rate) == ("stereo", 48000)


def test_silence_stays_silent(make: Callable[..., Made]) -> None:
    made = make(clips.film, "still.mp4", size="160x90", rate="10", sound="anullsrc=r=44100:cl=mono,atrim=0:3")
    assert loudness_of(made.joined("audio"))[0] <= -60


def test_a_phone_held_upright(make: Callable[..., Made]) -> None:
    made = make(clips.rotated, "phone.mp4")
    assert abs(made.found.rotation) == 90
    assert [(rung.width, rung.height) for rung in made.result.plan.rungs] == [(360, 640)]
    assert (made.picture("360").width, made.picture("360").height) == (360, 640)
    assert "RESOLUTION=360x640" in made.master


def test_an_uneven_rate_becomes_even(make: Callable[..., Made]) -> None:
    made = make(clips.variable, "phone.mkv")
    with av.open(str(made.joined("180"))) as container:
        times = sorted(p.pts for p in container.demux(video=0) if p.pts is not None)
    assert len({later - earlier for earlier, later in zip(times, times[1:], strict=False)}) == 1


def test_ten_bits_and_high_range_become_plain(make: Callable[..., Made]) -> None:
    made = make(clips.high_range, "hdr.mp4")
    assert (made.found.transfer, made.found.bit_depth, made.found.is_hdr) == ("smpte2084", 10, True)
    frame = made.picture("180")
    assert frame.format.name == "yuv420p"
    assert int(frame.color_trc) == 1  # BT.709
    assert "audio" not in made.names
    ten = make(clips.film, "ten.mkv", "-pix_fmt", "yuv420p10le", "-c:v", "libx264", sound="none", seconds=1)
    assert ten.found.bit_depth == 10
    assert ten.picture("180").format.name == "yuv420p"


def test_interlaced_film_is_combined(make: Callable[..., Made]) -> None:
    made = make(clips.interlaced, "tv.mkv")
    assert made.result.plan.is_interlaced
    assert not made.picture("180").interlaced_frame


def test_film_without_sound_has_no_group(make: Callable[..., Made]) -> None:
    made = make(clips.film, "mute.mp4", sound="none", seconds=1)
    assert "audio" not in made.names
    assert "AUDIO" not in made.master
    assert 'CODECS="avc1.' in made.master


@pytest.mark.parametrize("name", ["talk.m4a", "talk.mp3", "talk.wav"])
def test_sound_alone_gets_a_waveform(make: Callable[..., Made], name: str) -> None:
    made = make(clips.recording, name)
    assert not made.found.has_picture
    assert made.names == {"audio", "master.m3u8", "waveform.json", "progressive.mp4"}
    waveform = json.loads((made.folder / "waveform.json").read_text())
    assert len(waveform["peaks"]) * waveform["ms_per_peak"] == pytest.approx(4000, abs=150)
    assert max(waveform["peaks"][:18]) < min(waveform["peaks"][22:38])
    assert 'CODECS="mp4a.40.2"' in made.master


def test_odd_and_tiny_pictures_keep_their_size(make: Callable[..., Made]) -> None:
    odd = make(clips.film, "odd.mkv", "-c:v", "ffv1", size="321x179", seconds=1)
    assert [(rung.width, rung.height) for rung in odd.result.plan.rungs] == [(320, 178)]
    tiny = make(clips.film, "tiny.mkv", "-c:v", "ffv1", size="18x16", seconds=1)
    assert (tiny.picture("16").width, tiny.picture("16").height) == (18, 16)


def test_pixels_that_are_not_square_are_made_so(make: Callable[..., Made]) -> None:
    made = make(clips.film, "dv.mp4", "-vf", "setsar=64/45", size="720x576", seconds=1)
    assert [(rung.name, rung.width, rung.height) for rung in made.result.plan.rungs] == [("480", 852, 480)]


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "ass"), ("b.mkv", "srt"), ("c.mp4", "mov_text")])
def test_subtitle_streams_become_captions(make: Callable[..., Made], name: str, codec: str) -> None:
    made = make(clips.captioned, name, codec)
    assert set(made.result.subtitles) == {"zh-Hans", "en"}
    text = made.result.subtitles["zh-Hans"].decode()
    assert text.startswith("WEBVTT")
    assert "党员学习" in text
    assert not [file for file in made.names if file.startswith("tmp")]


def test_thumbnails_and_poster_show_something(make: Callable[..., Made]) -> None:
    late = "fade=t=in:st=5.9:d=0.1"  # black for the first six seconds
    made = make(clips.film, "late.mp4", "-vf", late, seconds=13, rate="10")
    cues = re.findall(r"sprite.jpg#xywh=(\d+),(\d+),(\d+),(\d+)", (made.folder / "thumbnails.vtt").read_text())
    assert len(cues) == 3
    with Image.open(made.folder / "sprite.jpg") as sprite:
        assert all(int(x) + int(w) <= sprite.width and int(y) + int(h) <= sprite.height for x, y, w, h in cues)
    with Image.open(made.folder / "poster.jpg") as poster:
        assert ImageStat.Stat(poster.convert("L")).mean[0] > 40


def test_the_plain_file_begins_with_its_index(bunny: Made) -> None:
    path = bunny.folder / "progressive.mp4"
    assert path.read_bytes().find(b"moov") < path.read_bytes().find(b"mdat")
    found = probe(path)
    assert (found.height, found.has_audio) == (480, True)
    assert found.duration == pytest.approx(bunny.found.duration, abs=0.15)


@pytest.mark.parametrize(
    ("source", "is_variable", "made"),
    [
        (25, False, 25),
        (24, False, 24),
        (29.97, False, Fraction(30000, 1001)),
        (23.976, False, Fraction(24000, 1001)),
        (50, False, 25),
        (59.94, False, Fraction(30000, 1001)),
        (120, False, 30),
        (10, False, 10),
        (1, False, 5),
        (17.3, True, 20),
        (28.9, True, Fraction(30000, 1001)),
        (240, False, 30),
    ],
)
def test_rates(source: float, is_variable: bool, made: Fraction) -> None:
    assert frame_rate(source, is_variable=is_variable) == made
