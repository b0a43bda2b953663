"""Regulations: article numbers, document numbers, what is in force on which day, and their pages."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from library.enums import ValidityStatus
from library.models import RegulationPage
from library.numerals import DOC_NUMBER, article_anchor, chinese_to_int, normalised_doc_number
from school.people.enums import Visibility
from search.queries import search
from tests.factories import make_library, make_member, make_regulation, make_tree

TODAY = timezone.localdate
DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """The usual way to write 1 to 999."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += f"{DIGITS[tens] if tens > 1 or hundreds else ''}十"
    elif hundreds and ones:
        text += "零"
    return text + (DIGITS[ones] if ones else "")


@given(st.integers(1, 999))
def test_article_numbers_are_read_as_they_are_written(number: int) -> None:
    assert chinese_to_int(in_chinese(number)) == number
    assert article_anchor(f"第{in_chinese(number)}条") == f"article-{number}"
    assert article_anchor(f"第{number}条") == f"article-{number}"


@pytest.mark.parametrize(
    ("written", "anchor"),
    [
        ("第十二条之一", "article-12-1"),
        ("第一百五十八条", "article-158"),
        ("第一〇五条", "article-105"),
        ("第1十条", ""),
        ("第一章", ""),
        ("", ""),
    ],
)
def test_anchors(written: str, anchor: str) -> None:
    assert article_anchor(written) == anchor


@pytest.mark.parametrize(
    "written", ["中组发[2008]3号", "中组发（2008）第3号", "中组发 〔2008〕 03号", "中组发【2008】3号"]
)
def test_document_numbers_take_their_standard_form(written: str) -> None:
    assert normalised_doc_number(written) == "中组发〔2008〕3号"


@pytest.mark.parametrize("written", ["2008年3号", "中组发2008-3", "ZZF〔2008〕3号"])
@pytest.mark.django_db
def test_what_is_no_document_number_is_refused_in_words(written: str) -> None:
    assert not DOC_NUMBER.match(normalised_doc_number(written))
    page = make_regulation("规定", ["条文"])
    page.doc_number = written
    with pytest.raises(ValidationError, match="文号应像"):
        page.full_clean()


@pytest.mark.django_db
def test_the_status_follows_from_dates() -> None:
    today = TODAY()
    day = timedelta(days=1)
    page = make_regulation("规定", ["条文"], effective_on=today, expired_on=today + 10 * day)
    assert page.status_on(today - day) == ValidityStatus.PENDING
    assert page.status_on(today) == page.status_on(today + 10 * day) == ValidityStatus.IN_FORCE
    assert page.status_on(today + 11 * day) == ValidityStatus.REPEALED
    objects = RegulationPage.objects
    for when, names in (
        (today - day, ["pending"]),
        (today, ["in_force"]),
        (today + 10 * day, ["in_force"]),
        (today + 11 * day, ["ended"]),
    ):
        assert [n for n in ("pending", "in_force", "ended") if getattr(objects, n)(when).exists()] == names, when


@pytest.mark.django_db
def test_a_rule_ends_the_day_before_its_successor_takes_effect() -> None:
    old = make_regulation("条例（2018）", ["条文"], effective_on=date(2018, 10, 1))
    new = make_regulation("条例（2023）", ["条文"], effective_on=date(2024, 1, 1), replaces=old)
    assert old.ends_on == date(2023, 12, 31)
    assert old.status_on(date(2023, 12, 31)) == ValidityStatus.IN_FORCE
    assert old.status_on(date(2024, 1, 1)) == ValidityStatus.REVISED
    assert list(RegulationPage.objects.in_force(date(2023, 12, 31))) == [old]
    assert list(RegulationPage.objects.in_force(date(2024, 1, 1))) == [new]
    new.unpublish()
    assert old.status_on() == ValidityStatus.IN_FORCE


@pytest.mark.django_db
def test_the_page_says_that_a_rule_is_over_and_where_the_new_one_is() -> None:
    old = make_regulation("条例（2018）", ["旧条文"], effective_on=date(2018, 10, 1))
    new = make_regulation("条例（2023）", ["新条文"], effective_on=date(2024, 1, 1), replaces=old)
    client = Client()
    client.force_login(make_member())
    html = client.get(old.url).content.decode()
    assert "已修订" in html
    assert "有效至 2023 年 12 月 31 日" in html
    assert new.url in html
    html = client.get(new.url).content.decode()
    assert 'id="article-1"' in html
    assert "现行有效" in html


@pytest.mark.django_db
def test_the_list_shows_what_is_in_force_and_filters() -> None:
    make_regulation("现行规定", ["条文"], kind="provisions")
    make_regulation("现行办法", ["条文"], kind="measures")
    make_regulation("旧规定", ["条文"], expired_on=date(2020, 1, 1))
    client = Client()
    client.force_login(make_member())
    url = make_library().url
    html = client.get(url).content.decode()
    assert "现行规定" in html
    assert "旧规定" not in html
    assert "现行规定" not in client.get(url, {"kind": "measures"}).content.decode()
    ended = client.get(url, {"state": "repealed"}).content.decode()
    assert "旧规定" in ended
    assert "现行办法" not in ended


@pytest.mark.django_db
def test_internal_rules_of_another_committee_do_not_exist_for_outsiders() -> None:
    _, branch, other = make_tree()
    page = make_regulation("内部规定", ["条文"], visibility=Visibility.INTERNAL, organisation=branch.get_parent())
    for person, status in ((make_member(branch), 200), (make_member(other), 404)):
        client = Client()
        client.force_login(person)
        assert client.get(page.url).status_code == status
        assert ("内部规定" in client.get(make_library().url).content.decode()) == (status == 200)
    assert Client().get(page.url).status_code == 302


@pytest.mark.django_db
def test_a_public_rule_does_not_tell_the_title_of_an_internal_one() -> None:
    _, branch, other = make_tree()
    inside = {"visibility": Visibility.INTERNAL, "organisation": branch.get_parent()}
    old = make_regulation("内部旧规定", ["条文"], **inside)
    page = make_regulation("公开新规定", ["条文"], replaces=old, effective_on=date(2024, 1, 1))
    for person, is_told in ((make_member(branch), True), (make_member(other), False)):
        client = Client()
        client.force_login(person)
        assert ("内部旧规定" in client.get(page.url).content.decode()) == is_told


@pytest.mark.django_db
def test_lists_and_pages_ask_a_constant_number_of_queries() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = Client()
    client.force_login(make_member())
    counts = []
    for more in (1, 11):
        for number in range(more):
            page = make_regulation(f"规定{more}-{number}", ["条文"] * (more * 3 % 9 + 1))
        client.get(make_library().url)
        with CaptureQueriesContext(
            connection,
        ) as listed:
            client.get(make_library().url)
        with CaptureQueriesContext(connection) as shown:
            client.get(page.url)
        counts.append((len(listed), len(shown)))
    assert counts[0] == counts[1]
    assert max(counts[0]) <= 30


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("own", "successors", "ends_on"),
    [
        ({}, [{"effective_on": date(2020, 1, 1)}, {"effective_on": date(2050, 1, 1)}], date(2019, 12, 31)),
        ({"expired_on": date(2050, 1, 1)}, [{"effective_on": date(2020, 1, 1)}], date(2019, 12, 31)),
        ({"expired_on": date(2020, 1, 1)}, [{"effective_on": date(2050, 1, 1)}], date(2020, 1, 1)),
        ({}, [{"published_on": date(2050, 1, 1)}], date(2049, 12, 31)),
        ({}, [{}], None),
        ({}, [{}, {"effective_on": date(2020, 1, 1)}], date(2019, 12, 31)),
        ({"effective_on": date(2050, 1, 1)}, [{"effective_on": date(2020, 1, 1)}], date(2019, 12, 31)),
    ],
)
def test_the_list_and_the_page_agree_on_every_day(own: dict, successors: list[dict], ends_on: date | None) -> None:
    page = make_regulation("旧规定", ["条文"], **own)
    for fields in successors:
        newer = make_regulation("新规定", ["条文"], **fields)
        RegulationPage.objects.filter(pk=newer.pk).update(replaces=page)  # undated ones come only from old data
    assert page.ends_on == ends_on
    kinds = {
        ValidityStatus.PENDING: "pending",
        ValidityStatus.IN_FORCE: "in_force",
        ValidityStatus.REVISED: "ended",
        ValidityStatus.REPEALED: "ended",
    }
    day = timedelta(days=1)
    for when in (TODAY(), *(d + n * day for d in (date(2020, 1, 1), date(2050, 1, 1)) for n in (-1, 0, 1))):
        lists = [name for name in set(kinds.values()) if getattr(RegulationPage.objects, name)(when).filter(pk=page.pk)]
        assert lists == [kinds[page.status_on(when)]], when


@pytest.mark.django_db
def test_a_rule_that_replaces_another_says_from_when() -> None:
    old, new = make_regulation("旧规定", ["条文"]), make_regulation("新规定", ["条文"])
    new.replaces = old
    with pytest.raises(ValidationError, match="请填写施行日期"):
        new.full_clean()


@pytest.mark.django_db
def test_a_rule_that_is_no_longer_replaced_is_found_again(run_jobs: Callable[[], int]) -> None:
    first, second = make_regulation("甲规定", ["补交。"]), make_regulation("乙规定", ["补交。"])
    new = make_regulation("新规定", ["条文"], replaces=first, effective_on=date(2020, 1, 1))
    new.save_revision().publish()
    for page in (first, second):
        page.save_revision().publish()
    run_jobs()
    member = make_member()
    assert [hit.document.title for hit in search("补交", member).hits] == ["乙规定"]
    new.replaces = second
    new.save_revision().publish()
    run_jobs()
    assert [hit.document.title for hit in search("补交", member).hits] == ["甲规定"]
    new.delete()
    run_jobs()
    assert search("补交", member).total == 2


@pytest.mark.django_db
def test_hits_keep_their_address_when_the_library_gets_another(
    run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Any
) -> None:
    page = make_regulation("甲规定", ["补交。"])
    page.save_revision().publish()
    index = make_library()
    index.slug = "rules"
    with django_capture_on_commit_callbacks(execute=True):
        index.save_revision().publish()
    run_jobs()
    page.refresh_from_db()
    assert search("补交", make_member()).hits[0].url == f"{page.url}#article-1"
