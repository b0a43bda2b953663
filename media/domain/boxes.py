"""Reads from an MP4 init segment of ours what CODECS must say: the profile and level that were really written."""

import struct
from pathlib import Path

# The way from the file to the codec's own box, and the bytes of fields that stand before a box's children.
WAYS = {
    "avcC": ("moov", "trak", "mdia", "minf", "stbl", "stsd", "avc1", "avcC"),
    "esds": ("moov", "trak", "mdia", "minf", "stbl", "stsd", "mp4a", "esds"),
}
FIELDS = {"stsd": 8, "avc1": 78, "mp4a": 28}
DECODER_SPECIFIC = 5  # tags of ISO/IEC 14496-1
DESCRIPTOR_SKIP = {3: 3, 4: 13}


def video_codec(init: Path) -> str:
    """As RFC 6381 writes it, e.g. "avc1.640028"."""
    body = _body_of(init.read_bytes(), WAYS["avcC"])
    return "avc1." + body[1:4].hex()


def audio_codec(init: Path) -> str:
    """E.g. "mp4a.40.2" for AAC-LC."""
    kind = _decoder_bytes(_body_of(init.read_bytes(), WAYS["esds"])[4:])[0] >> 3
    return f"mp4a.40.{kind}"


def _body_of(content: bytes, way: tuple[str, ...]) -> bytes:
    for name in way:
        content = _child(content, name)[FIELDS.get(name, 0) :]
    return content


def _child(content: bytes, name: str) -> bytes:
    place = 0
    while place + 8 <= len(content):
        length, found = struct.unpack(">I4s", content[place : place + 8])
        if found == name.encode():
            return content[place + 8 : place + length]
        place += max(length, 8)
    raise ValueError(f"no {name} box")


def _decoder_bytes(content: bytes) -> bytes:
    """The DecoderSpecificInfo inside nested descriptors, each of a tag, a length in groups of seven bits, a body."""
    place = 0
    while place < len(content):
        tag = content[place]
        place += 1
        length = 0
        while True:
            byte = content[place]
            place += 1
            length = length << 7 | byte & 0x7F
            if not byte & 0x80:
                break
        if tag == DECODER_SPECIFIC:
            return content[place : place + length]
        place += DESCRIPTOR_SKIP.get(tag, length)
    raise ValueError("no decoder description")
