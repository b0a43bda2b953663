"""Title cards: readable words on every background, well broken lines, the same card for the same words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageColor

from media.domain.card_patterns import background, tone_of
from media.domain.title_cards import (
    FOOT,
    LABEL_TOP,
    LEFT,
    SIZES,
    TITLE_HEIGHT,
    TITLE_WIDTH,
    CardText,
    card_png,
    draw_card,
)
from media.domain.typesetting import CLOSING, OPENING, set_title
from school.people.enums import Taxonomy

WORDS = st.text(alphabet="党员学习制度，。、：；？！“”《》（）—…· 0123456789ABCkVQ%", min_size=1, max_size=120)


def set_(title: str) -> tuple[str, ...]:
    return set_title(title, TITLE_WIDTH, TITLE_HEIGHT, SIZES).lines


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("党费", ("党费",)),
        ("党章里的八项义务", ("党章里的八项义务",)),
        ("支部“三会”怎么开", ("支部“三会”怎么开",)),
        ("把制度落到班组：抢修现场的三张清单", ("把制度落到班组：", "抢修现场的三张清单")),
        ("110 kV 变电站倒闸操作中的党员责任区", ("110 kV 变电站倒闸", "操作中的党员责任区")),
    ],
)
def test_titles_are_broken_as_a_person_would(title: str, lines: tuple[str, ...]) -> None:
    assert set_(title) == lines


@given(WORDS)
@settings(max_examples=60, deadline=None)
def test_any_title_fits_and_keeps_the_rules(title: str) -> None:
    found = set_title(title.strip() or "党", TITLE_WIDTH, TITLE_HEIGHT, SIZES)
    assert found.leading * len(found.lines) <= TITLE_HEIGHT
    for number, line in enumerate(found.lines):
        assert found.font.getlength(line) <= TITLE_WIDTH
        if number and not all(sign in CLOSING for sign in line):
            assert line[0] not in CLOSING
        if number < len(found.lines) - 1 and not all(sign in OPENING for sign in line):
            assert line[-1] not in OPENING


def test_long_titles_shrink_then_end_with_an_ellipsis() -> None:
    sizes = [set_title("学" * count, TITLE_WIDTH, TITLE_HEIGHT, SIZES).size for count in (4, 12, 20, 40, 80)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
    assert set_("学" * 190)[-1].endswith("…")
    assert set_("A" * 190)[-1].endswith("…")


def luminance(colour: tuple[int, ...]) -> float:
    parts = [value / 255 for value in colour[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("topic", Taxonomy.values)
@pytest.mark.parametrize("turn", [0.0, 0.5, 1.0])
def test_words_stand_out_from_every_pixel_behind_them(topic: str, turn: float) -> None:
    field, tone = background(topic, turn), tone_of(topic)
    for colour, box in (
        (tone.title, (LEFT, 140, LEFT + TITLE_WIDTH, 540)),
        (tone.label, (LEFT, LABEL_TOP, LEFT + 620, LABEL_TOP + 52)),
        (tone.label, (LEFT, FOOT - 10, LEFT + 680, FOOT + 40)),
    ):
        ink = ImageColor.getrgb(colour)
        ranges = field.crop(box).getextrema()  # the worst of each channel: no pixel is worse
        for worst in (tuple(low for low, _ in ranges), tuple(high for _, high in ranges)):
            assert contrast(ink, worst) >= 4.5


def test_the_same_words_give_the_same_card_and_topics_differ() -> None:
    cards = {topic: card_png(CardText("主题党日五步法", topic, "微党课")) for topic in Taxonomy.values}
    assert len(set(cards.values())) == len(cards)
    assert card_png(CardText("主题党日五步法", Taxonomy.THOUGHT, "微党课")) == cards[Taxonomy.THOUGHT]


def test_the_words_stay_on_the_card() -> None:
    text = CardText("很长的题目" * 30, Taxonomy.CONDUCT, "微党课", "主讲：党校教研室", "城北供电公司网络党校")
    plain = background(text.topic, int(text.digest[:4], 16) / 0xFFFF)
    from PIL import ImageChops

    box = ImageChops.difference(draw_card(text), plain).getbbox()
    assert box
    assert box[0] >= 60
    assert box[1] >= 60
    assert box[2] <= 1000
    assert box[3] <= 680
