"""The search: Chinese in the middle of sentences, permission inside the query, hostile input, both engines."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from library.models import RegulationPage
from school.people.enums import Visibility
from school.people.models import User
from search.domain.indexing import rebuild, refresh
from search.models import SearchDocument, SearchPassage
from search.plan import MAX_CHARACTERS, MAX_TERMS, plan_of
from search.queries import search
from search.registry import split_text
from tests.factories import make_lesson, make_member, make_regulation, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> User:
    _, branch, _ = make_tree()
    return make_member(branch)


def titles(found: object) -> list[str]:
    return [hit.document.title for hit in found.hits]  # type: ignore[attr-defined]


def test_a_two_character_word_in_the_middle_of_a_sentence_finds_the_article(member: User) -> None:
    make_regulation("党费管理规定", ["党员应当按月交纳党费。", "流动党员凭活动证参加所在地组织生活。"])
    rebuild()
    found = search("活动", member)
    assert found.total == 1
    hit = found.hits[0]
    assert hit.heading == "第二条"
    assert hit.url.endswith("#article-2")
    assert "<mark>活动</mark>" in hit.snippet


def test_a_lesson_is_found_by_a_word_of_its_text(member: User) -> None:
    lesson = make_lesson(body=[("paragraph", "<p>老陈带着两名年轻党员连夜上山抢修。</p>")])
    rebuild()
    assert titles(search("连夜", member)) == [lesson.title]
    assert search("陈两", member).total == 0  # not next to each other


@pytest.mark.parametrize("query", ["黨費", "ＤＪＡＮＧＯ党费", "“按月交纳”", "党", "费", "django  党费"])
def test_other_spellings_find_the_same(member: User, query: str) -> None:
    make_regulation("规定", ["Django 课程里讲：党费按月交纳。"])
    rebuild()
    assert search(query, member).total == 1


def test_internal_content_of_another_committee_is_not_found_or_counted() -> None:
    root, branch, other = make_tree()
    mine, stranger = make_member(branch), make_member(other)
    make_lesson(branch.get_parent(), visibility=Visibility.INTERNAL, body=[("paragraph", "<p>内部措施甲</p>")])
    make_lesson(root, visibility=Visibility.INTERNAL, body=[("paragraph", "<p>全公司内部措施乙</p>")])
    rebuild()
    assert search("内部措施", mine).total == 2
    found = search("内部措施", stranger)
    assert found.total == found.everything == sum(found.facets.values()) == len(found.hits) == 1


def test_characters_the_dictionary_does_not_know_as_a_word_stay_together() -> None:
    assert [term.word for term in plan_of("按月").terms] == ["按月"]
    assert [term.word for term in plan_of("按月 交纳党费").terms] == ["按月", "交纳", "党费"]


def test_a_repealed_rule_is_left_out_unless_asked_for(member: User) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    make_regulation("旧规定", ["旧条文写着补交。"], expired_on=yesterday)
    make_regulation("新规定", ["新条文写着补交。"])
    rebuild()
    assert titles(search("补交", member)) == ["新规定"]
    standing = {hit.document.title: hit.document.standing for hit in search("补交", member, with_ended=True).hits}
    assert standing == {"旧规定": "已失效", "新规定": ""}


def test_what_a_hit_says_of_its_force_follows_the_calendar(member: User) -> None:
    """The index is not written again when a day passes."""
    today = timezone.localdate()
    make_regulation("规定", ["补交。"], effective_on=today + timedelta(days=1), expired_on=today + timedelta(days=9))
    rebuild()
    assert search("补交", member).hits[0].document.standing == "尚未施行"
    SearchDocument.objects.update(valid_from=today, valid_to=today)
    assert search("补交", member).hits[0].document.standing == ""
    SearchDocument.objects.update(valid_to=today - timedelta(days=1))
    assert search("补交", member).total == 0


def test_when_not_all_words_are_found_any_of_them_is_enough_and_it_is_said(member: User) -> None:
    make_regulation("规定", ["党费按月交纳。"])
    rebuild()
    found = search("党费 航天飞机", member)
    assert found.total == 1
    assert found.widened


@pytest.mark.parametrize("query", ["“学习，教育”", "“条例2023年”", "“第3条”", "卡拉ok", "“a条例”", "“例2023”"])
def test_words_of_several_scripts_and_across_signs_are_found(member: User, query: str) -> None:
    make_regulation("规定", ["学习，教育按A条例2023年度第3条规定，不唱卡拉OK。"])
    rebuild()
    assert search(query, member).total == 1
    assert search("“习育”", member).total == 0


def test_long_addresses_notes_and_words_are_indexed(member: User) -> None:
    """PostgreSQL is strict about lengths: a Chinese character of an address counts nine."""
    page = make_regulation("规定", [f"党费{'x' * 3000}"], issuers="公司党委、" * 40, doc_number="公司党发〔2026〕12号")
    page.slug = "中国共产党国有企业基层组织工作条例" * 4
    page.save()
    rebuild()
    hit = search("党费", member).hits[0]
    assert hit.url.startswith(page.url)
    assert hit.document.note.endswith("12号")


def test_a_long_paragraph_is_cut_in_order_and_without_empty_passages() -> None:
    long, full = "长" * 4500, "满" * 4000
    for text in (f"前言\n{long}\n{full}\n后记", full, long):
        passages = [passage.text for passage in split_text(text)]
        assert "".join(passages).replace("\n", "") == text.replace("\n", "")
        assert all(0 < len(passage) <= 4000 for passage in passages)


HOSTILE = [
    '"', '""', '"党章', "党章*", "党 AND 费", "title:党费", "(", "NEAR(党,费)", "' OR 1=1 --", "党费\\", "a:*", "'",
    "& | !", "\x00", "😀", "<script>", "党费" * 5000, "%", "_", "-党费", "^党",
]  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_hostile_queries_are_only_words(member: User, query: str) -> None:
    make_regulation("规定", ["党费按月交纳。"])
    rebuild()
    response = signed_in(member).get("/search/", {"q": query})
    assert response.status_code == 200
    assert "<script>" not in response.content.decode().split("<main", 1)[1]
    api = signed_in(member).get("/api/v1/search", {"q": query})
    assert api.status_code == 200


def signed_in(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_becomes_a_small_plan_of_clean_tokens(text: str) -> None:
    plan = plan_of(text)
    assert len(plan.text) <= MAX_CHARACTERS
    assert len(plan.terms) <= MAX_TERMS
    syntax = set("\"'\\*():&|!<>^-+{}~ \t\n\0")
    assert not any(syntax & set(token) for term in plan.terms for token in term.tokens)


@given(st.text(alphabet="党员教育管理 a1。，学习<&>'\"", max_size=60))
@settings(max_examples=100, deadline=None)
def test_highlighting_never_loses_or_adds_text(text: str) -> None:
    from html import unescape

    from search.highlighting import highlight

    marked = highlight(text, plan_of("党员 学习 a1"))
    assert unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text


def test_every_word_of_a_text_is_found_wherever_it_stands(member: User) -> None:
    text = "支部委员会应当每月召开一次会议，讨论决定重要事项并做好记录。"
    make_regulation("规定", [text])
    rebuild()
    clean = text.replace("，", " ").replace("。", " ").split()
    for run in clean:
        for start in range(len(run) - 1):
            assert search(f"“{run[start : start + 2]}”", member).total == 1, run[start : start + 2]


def test_repeating_and_removing_leave_no_trace(member: User) -> None:
    page = make_regulation("规定", ["党费按月交纳。"])
    rebuild()
    passages = SearchPassage.objects.count()
    rebuild()
    refresh("regulation", str(page.pk))
    assert SearchPassage.objects.count() == passages
    page.unpublish()
    refresh("regulation", str(page.pk))
    assert search("党费", member).total == 0
    assert SearchDocument.objects.count() == SearchPassage.objects.count() == 0


def test_publishing_changes_what_is_found(member: User, run_jobs: object) -> None:
    page = make_regulation("规定", ["党费按月交纳。"])
    page.save_revision().publish()
    run_jobs()  # type: ignore[operator]
    assert search("按月", member).total == 1
    page.articles.set([page.articles.model(number="第一条", text="党费按季交纳。")])
    page.save_revision().publish()
    run_jobs()  # type: ignore[operator]
    assert search("按月", member).total == 0
    assert search("按季", member).total == 1
    page.delete()
    assert search("按季", member).total == 0


def test_replacing_a_rule_ends_the_older_one_in_the_search(member: User, run_jobs: object) -> None:
    old = make_regulation("规定（2018）", ["党费按月交纳。"])
    old.save_revision().publish()
    new = make_regulation("规定（2023）", ["党费按月交纳。"], replaces=old, effective_on=date(2024, 1, 1))
    new.save_revision().publish()
    run_jobs()  # type: ignore[operator]
    assert titles(search("按月", member)) == ["规定（2023）"]


@pytest.mark.parametrize("rows", [1, 12])
def test_the_result_page_asks_a_constant_number_of_queries(
    member: User, rows: int, django_assert_max_num_queries: object
) -> None:
    for number in range(rows):
        make_regulation(f"规定{number}", ["党费按月交纳。"] * 3)
    rebuild()
    client = signed_in(member)
    client.get("/search/", {"q": "党费"})
    with django_assert_max_num_queries(14) as counted:  # type: ignore[operator]
        client.get("/search/", {"q": "党费"})
    COUNTS.append(len(counted))
    assert len(set(COUNTS)) == 1, COUNTS


COUNTS: list[int] = []


def test_pages_of_results_do_not_overlap(member: User) -> None:
    for number in range(23):
        make_regulation(f"规定{number}", ["党费按月交纳。"])
    rebuild()
    seen = [title for page in (1, 2, 3) for title in titles(search("党费", member, page=page))]
    assert len(seen) == len(set(seen)) == 23
    assert search("党费", member, page=99).page == 3


def test_the_command_rebuilds_and_reports(member: User, capsys: pytest.CaptureFixture[str]) -> None:
    import json

    make_regulation("规定", ["党费按月交纳。"])
    call_command("rebuild_search_index", "--json")
    assert json.loads(capsys.readouterr().out)["written"] == 1
    assert search("党费", member).total == 1


def test_visitors_are_sent_to_sign_in() -> None:
    response = Client().get("/search/?q=党费")
    assert response.status_code == 302
    assert Client().get("/api/v1/search?q=党费").status_code == 401


def test_wagtails_own_search_finds_chinese_words(run_jobs: object) -> None:
    make_regulation("党员教育管理工作条例", ["第一条内容"])
    call_command("wagtail_update_index", verbosity=0)
    for query in ("教育", "管理工作", "党員", '"党员'):
        assert [p.title for p in RegulationPage.objects.search(query)] == ["党员教育管理工作条例"], query
        assert [p.title for p in RegulationPage.objects.autocomplete(query)] == ["党员教育管理工作条例"], query
    assert not list(RegulationPage.objects.search("育员"))
