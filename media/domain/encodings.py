"""From the bytes of a caption file to its text. The order is fixed, so that the same file is always read the same way.

A mark at the beginning decides; then UTF-8 and UTF-16 are recognised by their structure. What is left is GB18030,
Big5 or Western: all three decode almost any bytes, so the reading whose signs are most usual is taken.
"""

import re

from school.kernel.errors import InvalidInput

UNKNOWN = "认不出这个文件的文字编码。请用“记事本”打开，另存为时编码选“UTF-8”，再上传。"
NOT_TEXT = "这不是字幕文件。请上传 SRT、VTT、ASS 或 SSA 格式的字幕。"
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffe\uffff]")
SAMPLE = 20_000  # signs outside ASCII that are judged; more change nothing

# The hundred or so most frequent characters of running Chinese text, in both scripts.
FREQUENT = frozenset(
    "的一是在不了有和人这这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后"
    "多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还"
    "因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结"
    "党员组织支部学习制度同志会议请您书记群众班谢謝"
    "這個國會為來時們對發動產種過說後業還應開與關線內數質氣變條沒結黨員組織學習電機實體當點從進經間樣義見車長門問"
)
PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》—…·「」『』【】〈〉　～")
WESTERN = frozenset("‘’“”–—…€éèêëàâäçñóòôöúùûüíìîïßÉÈÀÇÑÖÜ")


def decode(content: bytes) -> str:
    """The text of a caption file; InvalidInput when it is no text or its encoding cannot be told."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return _checked(_try(content[len(mark) :], encoding))
    if b"\0" in content[:4000]:
        return _checked(_try(content, _wide_order(content)))
    plain = _try(content, "utf-8")
    if plain is None or _is_chance(plain):
        return _checked(_most_usual(content) or plain)
    return _checked(plain)


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _checked(text: str | None) -> str:
    if text is None:
        raise InvalidInput(UNKNOWN, fields={"file": UNKNOWN}, code="unknown_encoding")
    if CONTROL.search(text):
        raise InvalidInput(NOT_TEXT, fields={"file": NOT_TEXT}, code="not_captions")
    return text


def _is_chance(text: str) -> bool:
    """A few GB 2312 bytes may happen to be UTF-8 of other letters: 谢谢 is лл. Whole lines never are."""
    foreign = [sign for sign in text if sign > "\x7f"]
    return 0 < len(foreign) <= 8 and all("\x80" <= sign < "\u0800" for sign in foreign)


def _wide_order(content: bytes) -> str:
    """UTF-16 without a mark: digits and colons of the times leave their zero byte in one of the two places."""
    sample = content[:4000]
    return "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be"


def _most_usual(content: bytes) -> str | None:
    readings = [(_usualness(text), text) for name in ("gb18030", "cp950", "cp1252") if (text := _try(content, name))]
    score, text = max(readings, key=lambda reading: reading[0], default=(0.0, ""))
    return text if score >= 0.5 else None


def _usualness(text: str) -> float:
    """The mean weight of the signs outside ASCII: 3 for a frequent one, 1 for one that occurs, 0 or less otherwise."""
    places = [place for place, sign in enumerate(text) if sign > "\x7f"][:SAMPLE]
    return sum(_weight(text, place) for place in places) / max(1, len(places))


def _weight(text: str, place: int) -> float:
    sign = text[place]
    if sign in FREQUENT:
        return 3
    if sign in PUNCTUATION:
        return 2 if sign not in WESTERN or not _is_alone(text, place) else 2.5
    if sign in WESTERN:
        return 2.5 if _is_alone(text, place) else -1
    if "\u4e00" <= sign <= "\u9fff":
        return _commonness(sign)
    return -1


def _is_alone(text: str, place: int) -> bool:
    """Accents stand between plain letters; two in a row are Chinese bytes read wrongly."""
    return all(sign < "\x80" for sign in text[max(0, place - 1) : place] + text[place + 1 : place + 2])


def _commonness(sign: str) -> float:
    """1 for the common half of GB 2312 (lead byte below D8) and of Big5 (below C7), less for rarer ones."""
    for encoding, limit in (("gb2312", 0xD8), ("big5", 0xC7)):
        try:
            code = sign.encode(encoding)
        except UnicodeEncodeError:
            continue
        if code[0] < limit:
            return 1
    return -0.5
