"""What the probe found in a file, in words that an editor can act on."""

from typing import Any

from media.models import Video

CODECS = {
    **{"h264": "H.264", "hevc": "H.265 / HEVC", "av1": "AV1", "vp9": "VP9", "mpeg4": "MPEG-4", "prores": "ProRes"},
    **{"aac": "AAC", "mp3": "MP3", "opus": "Opus", "pcm_s16le": "PCM", "wmv3": "WMV", "wmav2": "WMA"},
}
HDR = {"smpte2084": "HDR（PQ）", "arib-std-b67": "HDR（HLG）"}


def facts_in_words(video: Video) -> list[tuple[str, str]]:
    """(name, words) pairs; empty before the file was probed."""
    facts: dict[str, Any] = video.facts
    if not facts:
        return []
    found = [("封装", str(facts.get("container", "")).split(",")[0].upper())]
    if facts.get("width"):
        found.append(("画面", _picture(facts)))
    sound = f"{_codec(facts, 'audio_codec')} {facts.get('channels', 2)} 声道 {facts.get('sample_rate', 0) / 1000:g} kHz"
    found.append(("声音", sound if facts.get("has_audio") else "没有声音"))
    if facts.get("subtitles"):
        found.append(("内嵌字幕", f"{len(facts['subtitles'])} 条"))
    return found


def _picture(facts: dict[str, Any]) -> str:
    words = [f"{facts['width']}×{facts['height']}", f"{facts.get('fps', 0):g} 帧/秒", _codec(facts, "video_codec")]
    if facts.get("bit_depth", 8) > 8:
        words.append(f"{facts['bit_depth']} 位")
    if facts.get("transfer") in HDR:
        words.append(f"{HDR[facts['transfer']]}，转码时换算为普通亮度")
    if facts.get("rotation"):
        words.append(f"旋转 {facts['rotation']}°，转码时转正")
    if facts.get("is_variable"):
        words.append("帧率不固定，转码时改为固定")
    if facts.get("is_interlaced"):
        words.append("隔行扫描，转码时改为逐行")
    return "，".join(word for word in words if word)


def _codec(facts: dict[str, Any], name: str) -> str:
    codec = str(facts.get(name, ""))
    return CODECS.get(codec, codec.upper())
