"""Cells of a roster: the text of one cell to a value, or InvalidInput with a stable code and the cure in Chinese."""

import re
import unicodedata
from datetime import date, timedelta

from django.utils import timezone

from school.kernel.errors import InvalidInput
from school.people.domain.identity import Identity, read_identity
from school.people.enums import Gender, MembershipKind

PARTY_FOUNDED = date(1921, 7, 1)
SERIAL_EPOCH = date(1899, 12, 30)  # day 0 of Excel's serial numbers
NAME_LENGTH = 40
STAFF_NO_LENGTH = 32
DATE_HINT = "请写成 2012-07-01 这样的日期"

KINDS = {kind.label: kind for kind in MembershipKind} | {
    "中共党员": MembershipKind.FULL,
    "党员": MembershipKind.FULL,
    "中共正式党员": MembershipKind.FULL,
    "中共预备党员": MembershipKind.PROBATIONARY,
    "预备": MembershipKind.PROBATIONARY,
    "正式": MembershipKind.FULL,
    "积极分子": MembershipKind.ACTIVIST,
    "申请人": MembershipKind.APPLICANT,
    "共青团员": MembershipKind.LEAGUE,
}
GENDERS = {"男": Gender.MALE, "男性": Gender.MALE, "女": Gender.FEMALE, "女性": Gender.FEMALE}

_PARTS = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ]?\d{1,2}:\d{2}(?::\d{2})?)?")
_STAFF_NO = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_NAME = re.compile(r"[^\W\d_]+(?:[·' .-][^\W\d_]+)*")
_BETWEEN_CHINESE = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def plain(text: str) -> str:
    """Full-width signs made ordinary, white space and invisible marks at the ends removed."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").strip()


def read_staff_no(text: str) -> str:
    number = "".join(plain(text).split())
    if len(number) > STAFF_NO_LENGTH:
        raise InvalidInput(f"员工编号超过 {STAFF_NO_LENGTH} 个字符，请核对。", code="too_long")
    if re.fullmatch(r"\d\.\d+E\+\d+", number):
        raise InvalidInput(
            "员工编号被表格软件当成了数字，末几位已丢失；请把该列设为“文本”后重填。", code="staff_no_as_number"
        )
    if not _STAFF_NO.fullmatch(number):
        raise InvalidInput("员工编号只能用字母、数字和 - _ .，并以字母或数字开头，请改正。", code="bad_staff_no")
    return number


def read_name(text: str) -> str:
    name = _BETWEEN_CHINESE.sub("", re.sub(r"\s+", " ", plain(text))).replace("•", "·").replace("・", "·")
    if len(name) > NAME_LENGTH:
        raise InvalidInput(f"姓名超过 {NAME_LENGTH} 个字，请核对。", code="too_long")
    if not _NAME.fullmatch(name):
        raise InvalidInput("姓名里有不该有的符号或数字，请改成证件上的姓名。", code="bad_name")
    return name


def read_id_no(text: str) -> Identity:
    if re.fullmatch(r"\d(\.\d+)?E\+\d+", plain(text).upper()):
        raise InvalidInput(
            "身份证号被表格软件当成了数字，后几位已丢失；请把该列设为“文本”后重新填写。", code="id_as_number"
        )
    return read_identity(text)


def read_gender(text: str) -> Gender:
    gender = GENDERS.get(plain(text))
    if gender is None:
        raise InvalidInput("性别请填“男”或“女”。", code="unknown_gender")
    return gender


def read_phone(text: str) -> str:
    phone = re.sub(r"[\s()-]", "", plain(text))
    phone = re.sub(r"^(\+86|0086|86(?=1\d{10}$))", "", phone)
    if not re.fullmatch(r"1[3-9]\d{9}", phone):
        raise InvalidInput("手机号应是 1 开头的 11 位数字，请核对；没有可留空。", code="bad_phone")
    return phone


def read_kind(text: str) -> MembershipKind:
    kind = KINDS.get("".join(plain(text).split()))
    if kind is None:
        known = "、".join(MembershipKind.labels)
        raise InvalidInput(f"不认识的身份，请填其中之一：{known}。", code="unknown_kind")
    return kind


def read_day(text: str) -> date:
    """2012-07-01, 2012/7/1, 2012.7.1, 2012年7月1日, 20120701, or Excel's serial number 41091."""
    written = re.sub(r"\s*([-/.年月日])\s*", r"\1", plain(text))
    parts = _PARTS.fullmatch(written) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", written)
    try:
        if parts:
            day = date(*(int(part) for part in parts.groups()))
        elif re.fullmatch(r"\d{4,5}(\.0)?", written) and not re.fullmatch(r"(19|20)\d{2}", written):
            day = SERIAL_EPOCH + timedelta(days=int(float(written)))
        else:
            raise ValueError(written)
    except ValueError as error:
        raise InvalidInput(f"看不懂这个日期，{DATE_HINT}（要写到日）。", code="bad_date") from error
    if day > timezone.localdate():
        raise InvalidInput("日期还没有到，请核对。", code="future_date")
    if day < PARTY_FOUNDED:
        raise InvalidInput("日期早于 1921 年 7 月，请核对。", code="bad_date")
    return day


def read_place(text: str) -> str:
    """The code or name of an organisation as written; whether it exists is asked later."""
    place = "".join(plain(text).split())
    if len(place) > 80:
        raise InvalidInput("组织代码或名称过长，请核对。", code="too_long")
    return place
