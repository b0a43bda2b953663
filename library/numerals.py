"""Article numbers in Chinese numerals, and document numbers in their standard form."""

import re

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
NUMBER = rf"[{''.join(DIGITS)}{''.join(UNITS)}]+|\d+"
ARTICLE = re.compile(rf"^第({NUMBER})条(?:之({NUMBER}))?$")
DOC_NUMBER = re.compile(r"^[\u4e00-\u9fff]+〔\d{4}〕[1-9]\d*号$")
BRACKETS = str.maketrans(dict.fromkeys("[［(（【", "〔") | dict.fromkeys("]］)）】", "〕"))


def chinese_to_int(text: str) -> int:
    """一百二十三 → 123, 十二 → 12, 一〇五 → 105, 45 → 45. Raises ValueError for anything else."""
    if text.isdecimal():
        return int(text)
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    total, held = 0, 0
    for character in text:
        if character in UNITS:
            total += (held or 1) * UNITS[character]
            held = 0
        elif character in DIGITS:
            held = DIGITS[character]
        else:
            raise ValueError(f"not a Chinese numeral: {text}")
    return total + held


def article_anchor(number: str) -> str:
    """第十二条 → article-12, 第十二条之一 → article-12-1; "" when it is not an article number."""
    match = ARTICLE.match(number.strip())
    if not match:
        return ""
    anchor = f"article-{chinese_to_int(match[1])}"
    return f"{anchor}-{chinese_to_int(match[2])}" if match[2] else anchor


def normalised_doc_number(text: str) -> str:
    """The number with 〔〕 around the year and no blanks or 第 (GB/T 9704-2012, 7.2.5); unchanged if it is none."""
    tidy = re.sub(r"\s|第(?=\d)", "", text).translate(BRACKETS)
    return re.sub(r"〕0+(?=\d)", "〕", tidy)
