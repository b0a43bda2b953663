"""The child process of `probing`: opens one file with PyAV under limits and writes what it found as JSON.

Started as `python -m media.domain.reading FILE`; it loads neither Django nor any setting.
"""

import json
import math
import resource
import sys
from typing import Any

from media.domain.limits import CONTAINERS, DEMUXERS, MAX_PIXELS

MEMORY_BYTES = 2 * 1024**3
CPU_SECONDS = 15
MAX_STREAMS = 16
MAX_SUBTITLES = 8
FRAMES_LOOKED_AT = 3
TEXT_SUBTITLES = {"subrip", "ass", "ssa", "mov_text", "webvtt", "text"}
TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}  # numbers of ITU-T H.273
MATRICES = {1: "bt709", 5: "bt470bg", 6: "smpte170m", 9: "bt2020nc"}
# Decoders of what cameras, phones and editors write. ffmpeg knows hundreds more, most of them old and seldom tested.
VIDEO_CODECS = {
    *("h264", "hevc", "mpeg4", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "mpeg1video", "mpeg2video", "vp8", "vp9", "av1"),
    *("wmv1", "wmv2", "wmv3", "vc1", "wmv3image", "vc1image", "mss1", "mss2", "flv1", "h263", "prores", "dnxhd"),
    *("mjpeg", "png", "qtrle", "rawvideo", "huffyuv", "ffvhuff", "ffv1", "utvideo", "cinepak", "dvvideo", "theora"),
    *("tscc", "tscc2", "svq1", "svq3", "rpza", "v210", "flashsv", "flashsv2", "vp6f", "vp6a", "cfhd", "zmbv"),
}
AUDIO_CODECS = {
    *("aac", "aac_latm", "mp3", "mp3float", "mp2", "ac3", "eac3", "alac", "flac", "opus", "vorbis", "amrnb", "amrwb"),
    *("amr_nb", "amr_wb", "wmav1", "wmav2", "wmapro", "wmavoice", "wmalossless", "nellymoser", "speex", "dca", "dts"),
}
AUDIO_FAMILIES = ("pcm_", "adpcm_")


class Refused(Exception):
    """The text is Chinese, for the editor."""


def read(path: str) -> dict[str, Any]:
    """The fields of `probing.Probe`. Raises Refused, or anything that PyAV raises."""
    import av

    options = {"protocol_whitelist": "file", "format_whitelist": DEMUXERS, "max_pixels": str(MAX_PIXELS)}
    with av.open(path, options=options) as container:
        if not set(container.format.name.split(",")) & set(CONTAINERS):
            raise ValueError(container.format.name)
        if len(container.streams) > MAX_STREAMS:
            raise Refused(f"文件里的轨道过多（{len(container.streams)} 条），请只保留画面、声音和字幕后再传。")
        facts = {"container": container.format.name, "subtitles": _subtitles(container), **_audio(container)}
        facts |= _picture(container)
        seconds = float(container.duration or 0) / av.time_base
        facts["duration"] = seconds or max(facts["video_seconds"], facts["audio_seconds"]) or _scan(path, options)
    return facts


def _picture(container: Any) -> dict[str, Any]:
    streams = [each for each in container.streams.video if "attached_pic" not in _names(each.disposition)]
    if not streams:
        return {"width": 0, "height": 0, "fps": 0, "rotation": 0, "video_seconds": 0}
    stream = streams[0]
    context = stream.codec_context
    if context is None or context.codec.canonical_name not in VIDEO_CODECS:
        raise Refused("视频的编码格式不受支持，请用转换工具另存为 H.264 编码的 MP4 后再传。")
    if not context.width * context.height:  # libav gives no size above max_pixels
        raise Refused("画面尺寸过大或无法读取，最大支持 4096×2304。请缩小画面，另存为 MP4 后再传。")
    average, base = float(stream.average_rate or 0), float(stream.base_rate or 0)
    facts = {
        "video_index": stream.index,
        "video_codec": context.codec.canonical_name,
        "width": context.width,
        "height": context.height,
        "fps": average or float(stream.guessed_rate or 25),
        "is_variable": bool(average and base and abs(average - base) / base > 0.01),
        "video_seconds": _seconds(stream),
        "pixel_aspect": float(stream.sample_aspect_ratio or 1) or 1,
        "pixel_format": context.pix_fmt or "",
        "bit_depth": max((part.bits for part in context.format.components), default=8) if context.format else 8,
        "transfer": TRANSFERS.get(int(context.color_trc or 0), ""),
        "matrix": MATRICES.get(int(context.colorspace or 0), ""),
        "rotation": 0,
    }
    if facts["width"] * facts["height"] <= MAX_PIXELS:
        facts |= _from_frames(container, stream)
    return facts


def _from_frames(container: Any, stream: Any) -> dict[str, Any]:
    """What only decoded frames tell: whether the picture turns, and whether it is interlaced."""
    rotation, interlaced = 0, False
    for number, frame in enumerate(container.decode(stream)):
        rotation = int(frame.rotation or 0)
        interlaced = interlaced or bool(frame.interlaced_frame)
        if number + 1 >= FRAMES_LOOKED_AT:
            return {"rotation": rotation, "is_interlaced": interlaced}
    return {"rotation": rotation, "is_interlaced": interlaced}


def _audio(container: Any) -> dict[str, Any]:
    if not container.streams.audio:
        return {"has_audio": False, "audio_seconds": 0}
    stream = container.streams.audio[0]
    context = stream.codec_context
    name = context.codec.canonical_name if context is not None else ""
    if not (name in AUDIO_CODECS or name.startswith(AUDIO_FAMILIES)):
        raise Refused("声音的编码格式不受支持，请用转换工具另存为 AAC 声音的 MP4 后再传。")
    return {
        "has_audio": True,
        "audio_index": stream.index,
        "audio_codec": name,
        "audio_seconds": _seconds(stream),
        "channels": context.channels,
        "sample_rate": context.sample_rate or 0,
    }


def _subtitles(container: Any) -> list[dict[str, Any]]:
    return [
        {"index": each.index, "codec": codec, "language": str(each.metadata.get("language", ""))[:12]}
        for each in container.streams.subtitles
        if each.codec_context and (codec := each.codec_context.codec.canonical_name) in TEXT_SUBTITLES
    ][:MAX_SUBTITLES]


def _seconds(stream: Any) -> float:
    return float(stream.duration * stream.time_base) if stream.duration else 0.0


def _names(disposition: Any) -> str:
    return str(disposition.name or disposition)


def _scan(path: str, options: dict[str, str]) -> float:
    """The length of a file whose header does not tell it, as browsers record: the end of its last packet."""
    import av

    with av.open(path, options=options) as container:
        ends = (
            float((packet.pts + (packet.duration or 0)) * packet.time_base)
            for packet in container.demux()
            if packet.pts is not None
        )
        return max((end for end in ends if math.isfinite(end)), default=0.0)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read(sys.argv[1])
    except Refused as refused:
        answer = {"refused": str(refused)}
    sys.stdout.write(json.dumps(answer))
