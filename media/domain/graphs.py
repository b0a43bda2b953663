"""The arguments of each ffmpeg run, as ffmpeg-python compiles them: the only module that knows that library.

Nothing that a person typed reaches a filter: numbers of ours, and names of files that we chose (docs/decisions/0009).
"""

from typing import Any

import ffmpeg

from media.domain.limits import DEMUXERS, MAX_PIXELS, MAX_SECONDS
from media.domain.planning import AUDIO_KBIT, Plan, Rung
from media.domain.probing import Probe, Subtitle
from media.domain.running import GLOBAL_FLAGS
from media.domain.sandbox import Sandbox

SAMPLE_RATE = 48000
LOUDNESS, TRUE_PEAK, RANGE = -16, -2.5, 11  # LUFS, dBTP before AAC (which overshoots by more than 1 dB), LU
SDR = "zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv"
Node = Any  # ffmpeg-python has no types


def ladder(box: Sandbox, probe: Probe, plan: Plan, loudness: dict[str, str]) -> list[str]:
    """One decode, all rungs and the shared sound, as HLS in fMP4: a folder each below the target.

    `loudness` is what `measure_loudness` found; empty leaves the sound as loud as it is.
    """
    source = _source(box)
    outputs = []
    if plan.rungs:
        pictures = _repaired(source[str(probe.video_index)], plan).filter_multi_output("split", len(plan.rungs))
        outputs = [_rung_output(pictures[number], rung, plan, box) for number, rung in enumerate(plan.rungs)]
    if plan.has_audio:
        outputs.append(_audio_output(source[str(probe.audio_index)], plan, loudness, box))
    return _compiled(box, ffmpeg.merge_outputs(*outputs))


def measure_loudness(box: Sandbox, probe: Probe) -> list[str]:
    """The first of two passes of loudnorm: prints JSON at the end of the error channel, writes nothing."""
    sound = _stereo(_source(box)[str(probe.audio_index)])
    sound = sound.filter("loudnorm", I=LOUDNESS, TP=TRUE_PEAK, LRA=RANGE, print_format="json")
    return _compiled(box, ffmpeg.output(sound, "-", f="null"), loglevel="info")


def subtitles(box: Sandbox, streams: tuple[Subtitle, ...], names: list[str]) -> list[str]:
    """Each subtitle stream as a WebVTT file of that name below the target."""
    source = _source(box)
    outputs = [
        ffmpeg.output(source[str(stream.index)], f"{box.target}/{name}", f="webvtt", **{"c:s": "webvtt"})
        for stream, name in zip(streams, names, strict=True)
    ]
    return _compiled(box, ffmpeg.merge_outputs(*outputs))


def poster(box: Sandbox, name: str, skip_seconds: float = 0) -> list[str]:
    """One frame of a finished rung (the source) as JPEG, at most 1280 wide."""
    frame = _source(box, ss=skip_seconds).video.filter("scale", "min(1280,iw)", -2)
    return _compiled(box, ffmpeg.output(frame, f"{box.target}/{name}", vframes=1, **{"q:v": 3}))


def sprite(box: Sandbox, name: str, every: int, size: tuple[int, int], grid: tuple[int, int]) -> list[str]:
    """Every `every`-th keyframe of a finished rung, drawn into one picture of `grid` columns and rows."""
    frames = _source(box, skip_frame="nokey").video
    if every > 1:
        frames = frames.filter("select", f"not(mod(n,{every}))")
    tiled = frames.filter("scale", *size).filter("tile", f"{grid[0]}x{grid[1]}")
    return _compiled(box, ffmpeg.output(tiled, f"{box.target}/{name}", vframes=1, fps_mode="vfr", **{"q:v": 5}))


def progressive(box: Sandbox, inputs: list[str], name: str) -> list[str]:
    """Finished renditions in one MP4 with its index in front, for browsers that play no HLS; nothing is encoded."""
    streams = [_input(f"{box.target}/{each}") for each in inputs]
    options = {"c": "copy", "movflags": "+faststart"}
    return _compiled(box, ffmpeg.output(*streams, f"{box.target}/{name}", f="mp4", **options))


def samples(box: Sandbox, name: str, rate: int) -> list[str]:
    """The sound of a finished rendition as raw samples: mono, 16 bits, little-endian."""
    options = {"ac": 1, "ar": rate, "c:a": "pcm_s16le"}
    return _compiled(box, ffmpeg.output(_source(box).audio, f"{box.target}/{name}", f="s16le", **options))


def _source(box: Sandbox, **options: object) -> Node:
    return _input(box.source, **options)


def _input(name: str, **options: object) -> Node:
    limits = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS, "max_pixels": MAX_PIXELS, "t": MAX_SECONDS}
    return ffmpeg.input(name, **limits, **{name: value for name, value in options.items() if value})


def _repaired(stream: Node, plan: Plan) -> Node:
    """Progressive, in the colours of a plain screen, at a constant rate from the first moment on."""
    if plan.is_interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    stream = stream.filter("fps", str(plan.fps), start_time=0)
    if plan.is_hdr:
        top = plan.rungs[0]  # at the final size, because tone mapping computes with 12 bytes a pixel
        wide = {"tin": plan.transfer, "pin": "bt2020", "min": "bt2020nc", "rin": "tv", "t": "linear", "npl": 100}
        stream = stream.filter("scale", top.width, top.height).filter("zscale", **wide).filter("format", "gbrpf32le")
        for step in SDR.split(","):
            name, _, values = step.partition("=")
            stream = stream.filter(name, **dict(pair.split("=") for pair in values.split(":")))
        return stream.filter("format", "yuv420p")
    if plan.names_colours:
        names = "bt709" if plan.rungs[0].width * plan.rungs[0].height >= 1280 * 720 else "smpte170m"
        stream = stream.filter("setparams", color_primaries=names, color_trc=names, colorspace=names)
    return stream


def _rung_output(stream: Node, rung: Rung, plan: Plan, box: Sandbox) -> Node:
    scaled = stream.filter("scale", rung.width, rung.height).filter("format", "yuv420p").filter("setsar", 1)
    options = {
        "c:v": "libx264",
        "preset": "veryfast",
        "profile:v": "high",
        "crf": rung.crf,
        "maxrate": f"{rung.peak_kbit}k",
        "bufsize": f"{rung.peak_kbit * 2}k",
        "g": plan.gop,
        "keyint_min": plan.gop,
        "sc_threshold": 0,
        **_hls(f"{box.target}/{rung.name}", plan),
    }
    return ffmpeg.output(scaled, f"{box.target}/{rung.name}/index.m3u8", f="hls", **options)


def _audio_output(stream: Node, plan: Plan, loudness: dict[str, str], box: Sandbox) -> Node:
    sound = _stereo(stream)
    if loudness:
        measured = {
            "measured_I": loudness["input_i"],
            "measured_TP": loudness["input_tp"],
            "measured_LRA": loudness["input_lra"],
            "measured_thresh": loudness["input_thresh"],
            "offset": loudness["target_offset"],
        }
        sound = sound.filter("loudnorm", I=LOUDNESS, TP=TRUE_PEAK, LRA=RANGE, linear="true", **measured)
        sound = sound.filter("aresample", SAMPLE_RATE)  # loudnorm answers at 192 kHz
    options = {"c:a": "aac", "b:a": f"{AUDIO_KBIT}k", "ar": SAMPLE_RATE, "ac": 2, **_hls(f"{box.target}/audio", plan)}
    return ffmpeg.output(sound, f"{box.target}/audio/index.m3u8", f="hls", **options)


def _stereo(stream: Node) -> Node:
    """Two channels at 48 kHz, with silence where the sound begins later than the picture."""
    return stream.filter("aresample", SAMPLE_RATE, **{"async": 1, "first_pts": 0}).filter(
        "aformat", channel_layouts="stereo"
    )


def _hls(folder: str, plan: Plan) -> dict[str, object]:
    return {
        "map_metadata": -1,  # where and with what a phone recorded is nobody's business
        "map_chapters": -1,
        "hls_time": f"{plan.segment_seconds - 0.01:.3f}",
        "hls_playlist_type": "vod",
        "hls_segment_type": "fmp4",
        "hls_flags": "independent_segments",
        "hls_fmp4_init_filename": "init.mp4",
        "hls_segment_filename": f"{folder}/%04d.m4s",
    }


def _compiled(box: Sandbox, node: Node, loglevel: str = "error") -> list[str]:
    return list(ffmpeg.compile(node, cmd=[*box.prefix, "-loglevel", loglevel, *GLOBAL_FLAGS]))
