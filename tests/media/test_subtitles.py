"""Caption files as they come: encodings, formats, odd times, hostile content; what is written comes back the same."""

import io
import time
from contextlib import suppress

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.domain.encodings import decode
from media.domain.subtitles import MAX_BYTES, CaptionsRefused, read_captions
from media.kinds.caption_format import Line, tidy
from media.kinds.timestamps import BadTime, parse_span, parse_time
from media.registry import SUBRIP, WEBVTT
from school.kernel.errors import InvalidInput, TooLarge

SRT = "1\n00:00:01,000 --> 00:00:03,500\n先念一遍“风险清单”。\n\n2\n00:00:04,000 --> 00:00:06,000\n同志们，谢谢大家。\n"
DOWNLOAD = "utf-8-sig"
TRADITIONAL = "1\n00:00:01,000 --> 00:00:03,500\n黨費收繳與發展黨員\n"


def texts(content: bytes, duration_ms: int = 0) -> list[str]:
    return [line.text for line in read_captions(content, duration_ms).lines]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(SRT, name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk")]
    + [(TRADITIONAL, name) for name in ("big5", "cp950", "gbk", "utf-8")],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_common_encodings_and_line_ends(text: str, encoding: str, ends: str) -> None:
    assert decode(text.replace("\n", ends).encode(encoding)).replace(ends, "\n") == text
    assert texts(text.replace("\n", ends).encode(encoding)) == texts(text.encode())


@pytest.mark.parametrize("words", ["党费", "你好", "支部书记", "抢修", "谢谢", "安全", "请看第三页"])
def test_two_words_are_enough_to_tell_gb(words: str) -> None:
    assert texts(f"1\n00:01 --> 00:02\n{words}\n".encode("gbk")) == [words]


def test_western_captions() -> None:
    assert texts("1\n00:01 --> 00:02\nIt’s a café – don’t touch\n".encode("cp1252")) == ["It’s a café – don’t touch"]


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("00:00:01,000 --> 00:00:03,500", (1000, 3500)),
        ("００：００：０１，０００　－－＞　００：００：０３，５００", (1000, 3500)),
        ("0:0:1.5-->0:0:3", (1500, 3000)),
        ("00: 00: 01, 000 -> 00:00:03:500", (1000, 3500)),
        ("01:02.5 —> 62:03.000 align:start position:0%", (62_500, 3_723_000)),
        ("00:00:01,000 --> 00:00:02,000  X1:100 X2:300", (1000, 2000)),
        ("比例是 3 --> 5", None),
        ("箭头 -> 右边", None),
    ],
)
def test_odd_times(line: str, span: tuple[int, int] | None) -> None:
    assert parse_span(line) == span


@pytest.mark.parametrize("line", ["00:0O:01,000 --> 00:00:02,000", "00:00:01,000 --> x", "00:61:01,000 --> 01:00:00,0"])
def test_times_that_cannot_be_read(line: str) -> None:
    with pytest.raises(BadTime):
        parse_span(line)


def test_chinese_time() -> None:
    assert parse_time("1分20秒") == 80_000
    assert parse_time("2小时1分05秒") == 7_265_000


def test_tags_are_stripped_and_words_stay() -> None:
    srt = "1\n00:01 --> 00:02\n{\\an8}<font color=red>红</font><script>alert(1)</script> 3 < 5 & 6 > 2\n"
    assert texts(srt.encode()) == ["红alert(1) 3 < 5 & 6 > 2"]
    vtt = (
        "WEBVTT\n\nSTYLE\n::cue { color: red }\n\nNOTE 秘密\n\na\n00:01.000 --> 00:02.000\n<v 张三>听&lt;b&gt;写</v>\n"
    )
    assert texts(vtt.encode()) == ["听<b>写"]
    out = WEBVTT.write([Line(0, 1000, "</script>--> <b>&")])
    assert out.split("\n", 4)[4] == "&lt;/script&gt;--&gt; &lt;b&gt;&amp;\n"


def test_ass_keeps_dialogue_words_only() -> None:
    ass = (
        "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,注释\n"
        "Dialogue: 0,0:00:03.00,0:00:04.50,Default,{\\i1}第二{\\i0}句\\N带换行, 和逗号\n"
        "Dialogue: 1,0:00:03.00,0:00:04.50,Default,{\\bord3}第二句\\N带换行, 和逗号\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,第一句\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,{\\p1}m 0 0 l 9 9\n"
    )
    assert texts(ass.encode("utf-16")) == ["第一句", "第二句\n带换行, 和逗号"]


def test_unsorted_empty_overlapping_and_long_cues_are_mended_in_words() -> None:
    srt = "1\n00:05 --> 00:20\n后\n\n2\n00:03 --> 00:04\n\n\n3\n00:01 --> 00:06\n先\n"
    reading = read_captions(srt.encode(), 10_000)
    assert [(line.start_ms, line.end_ms, line.text) for line in reading.lines] == [
        (1000, 6000, "先"),
        (5000, 10_000, "后"),
    ]
    assert len(reading.notices) == 4


@pytest.mark.parametrize(
    ("srt", "said"),
    [
        ("1\n00:00:01,000 --> 00:00:03,000\n好\n\n2\n00:00:0x,000 --> 00:00:05,000\n坏\n", "第 6 行：时间写法不对"),
        ("1\n00:05 --> 00:03\n倒\n", "第 2 行：结束时间不晚于开始时间"),
        ("1\n01:05 --> 01:09\n远\n", "第 2 行：开始时间 01:05 在视频结束（01:00）之后"),
        ("1\n00:01 --> 00:02\n" + "长" * 501 + "\n", "第 2 行：这一条有 501 个字"),
        ("1\n00:01 --> 00:02\n一\n\n2\n二丢了时间\n\n3\n00:05 --> 00:06\n三\n", "第 5 行：序号 2 后面没有时间"),
        ("没有时间的文字\n", "没有一条字幕"),
        ("", "没有一条字幕"),
        ("\n".join(f"{n}\n00:01 --> 00:02\n字\n" for n in range(20_001)), "超过上限 20,000 条"),
        ("{" * 6000, "第 1 行：这一行过长"),
    ],
)
def test_refused_with_row_and_cure(srt: str, said: str) -> None:
    with pytest.raises(CaptionsRefused) as refused:
        read_captions(srt.encode(), 60_000)
    assert said in refused.value.message


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 20, b"\xff\xfe\x00", b"PK\3\4\0\0"]
)
def test_other_files_are_refused(content: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_captions(content)


def test_too_large() -> None:
    with pytest.raises(TooLarge):
        read_captions(b"a" * (MAX_BYTES + 1))


@pytest.mark.parametrize(
    "piece", ["<", "{\\i1}", "<a", "{\\", "00:", "--> ", "1\n", "\n", "&amp;", "00:00:01,000 --> \n"]
)
@pytest.mark.parametrize(
    "head", ["", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,,"]
)
def test_hostile_repetition_costs_little(piece: str, head: str) -> None:
    filler = (piece * (4_000 // len(piece)) + "\n") * 400
    began = time.monotonic()
    with suppress(InvalidInput):  # some of these can be read: only the time matters
        read_captions((head + filler).encode()[:MAX_BYTES])
    assert time.monotonic() - began < 5


words = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).map(tidy).filter(bool)
cues = st.lists(
    st.builds(
        lambda start, length, text: Line(start, start + length, text),
        st.integers(0, 90_000_000),
        st.integers(1, 60_000),
        st.lists(words, min_size=1, max_size=3).map("\n".join),
    ),
    min_size=1,
    max_size=8,
)


def plain(lines: list[Line]) -> list[tuple[int, int, str]]:
    return [(line.start_ms, line.end_ms, line.text) for line in lines]


def in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.start_ms, line.end_ms))


@given(cues)
def test_webvtt_comes_back(lines: list[Line]) -> None:
    lines = in_order(lines)
    assert plain(read_captions(WEBVTT.write(lines).encode(DOWNLOAD)).lines) == plain(lines)


@given(cues.filter(lambda lines: not any(sign in line.text for line in lines for sign in "<>{}＜＞")))
def test_srt_comes_back(lines: list[Line]) -> None:
    lines = in_order(lines)
    assert plain(read_captions(SUBRIP.write(lines).encode(DOWNLOAD)).lines) == plain(lines)


def test_another_program_reads_what_we_write() -> None:
    lines = [Line(1000, 2500, "第一句"), Line(3_600_000, 3_601_001, "第二句\n两行")]
    for text, kind in ((SUBRIP.write(lines), "srt"), (WEBVTT.write(lines), "vtt")):
        read = pysubs2.SSAFile.from_file(io.StringIO(text), format_=kind)
        assert [(e.start, e.end, e.plaintext) for e in read] == plain(lines)
