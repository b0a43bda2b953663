"""Examiners and editors at work in the admin: banks, questions with versions, papers, and who reaches what."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exams import rules
from exams.domain import sittings
from exams.domain.papers import open_quiz, save_paper
from exams.domain.questions import create_question, revise_question, save_question
from exams.models import Bank, Paper, Question
from school.kernel.errors import IllegalMove, InvalidInput, NotAllowed
from school.people.domain.studio import ensure_studio, join_studio
from school.people.enums import OrganisationKind, Role
from school.people.models import Organisation, User
from tests.factories import appoint, make_lesson, make_member, make_organisation

pytestmark = pytest.mark.django_db
CONTENT = {
    "stem": "党的根本宗旨是什么",
    "options": [{"id": "A", "text": "全心全意为人民服务"}, {"id": "B", "text": "其他"}],
    "key": ["A"],
}


@pytest.fixture
def committees() -> list[Organisation]:
    """An enterprise (last) with two committees below it."""
    ensure_studio()
    root = make_organisation(OrganisationKind.ENTERPRISE)
    made = [make_organisation(OrganisationKind.COMMITTEE, parent=root) for _ in range(2)]
    return [*made, Organisation.objects.get(pk=root.pk)]


def on_duty(role: str, organisation: Organisation) -> User:
    user = make_member(organisation)
    appoint(user, role, organisation)
    join_studio(user, role)
    return user


@pytest.fixture
def examiner(committees: list[Organisation]) -> User:
    return on_duty(Role.EXAMINER, committees[0])


@pytest.fixture
def editor(committees: list[Organisation]) -> User:
    return on_duty(Role.EDITOR, committees[0])


def make_bank(organisation: Organisation, **fields: Any) -> Bank:
    return Bank.objects.create(code=f"b{Bank.objects.count()}", name="题库", organisation=organisation, **fields)


@pytest.fixture
def bank(committees: list[Organisation]) -> Bank:
    return make_bank(committees[0])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def question_fields(of: Bank, **changes: Any) -> dict[str, Any]:
    """What the question form sends: four options, A and B right."""
    fields = {
        "bank": of.pk, "code": "", "kind": "multiple", "stem": "下列正确的是", "explanation": "见条文",
        "difficulty": 2, "category": "", "source_document": "党章", "source_article": "第四条",
        "options-right": ["A", "B"],
        **{f"options-text-{letter}": f"选项{letter}" for letter in "ABCD"},
    }  # fmt: skip
    return {**fields, **changes}


def paper_fields(organisation: Organisation, rows: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    fields = {
        "title": "课后测验", "organisation": organisation.pk, "visibility": "internal",
        "multiple_policy": "missing_half:1", "slots-INITIAL_FORMS": 0, "slots-TOTAL_FORMS": len(rows),
    }  # fmt: skip
    for place, row in enumerate(rows):
        fields.update({f"slots-{place}-{name}": value for name, value in row.items()})
    return {**fields, **changes}


def make_paper(bank: Bank, size: int = 2) -> Paper:
    questions = [create_question(bank, "", "single", CONTENT) for _ in range(size)]
    entries = [(question.current_version, Decimal(10)) for question in questions]
    return save_paper(Paper(title="试卷", organisation=bank.organisation), entries)


def errors_of(response: HttpResponse) -> str:
    assert response.status_code == 200, response.get("Location")
    form = response.context["form"]  # type: ignore[attr-defined]
    return str(form.errors) + str(getattr(form, "slots", None) and form.slots.errors)


def test_an_examiner_builds_bank_questions_and_paper(examiner: User, committees: list[Organisation]) -> None:
    client = signed_in(examiner)
    assert json.dumps("题库与试卷") in client.get("/admin/").content.decode()
    fields = {"code": "party", "name": "党务题库", "organisation": committees[0].pk, "visibility": "internal"}
    assert client.post(reverse("exam_bank:add"), fields).status_code == 302
    bank = Bank.objects.get(code="party")
    for place in range(5):
        response = client.post(reverse("exam_question:add"), question_fields(bank, stem=f"第{place}题"))
        assert response.status_code == 302, errors_of(response)
    questions = list(bank.questions.order_by("pk"))
    assert [question.code for question in questions] == ["Q0001", "Q0002", "Q0003", "Q0004", "Q0005"]
    version = questions[0].current_version
    assert (version.number, version.key, version.created_by) == (1, ["A", "B"], examiner)
    assert version.options[3] == {"id": "D", "text": "选项D"}

    rows = [{"question": q.pk, "mark": "20", "ORDER": 5 - n} for n, q in enumerate(questions)]
    response = client.post(reverse("exam_paper:add"), paper_fields(committees[0], rows))
    assert response.status_code == 302, errors_of(response)
    paper = Paper.objects.get()
    assert [slot.version.question for slot in paper.slots.all()] == questions[::-1]
    assert paper.total == 100
    listed = client.get(reverse("exam_paper:index")).context["object_list"]
    assert [(row.size, row.full_mark) for row in listed] == [(5, 100)]


def test_an_edit_is_a_new_version_and_the_paper_keeps_its_own(examiner: User, bank: Bank) -> None:
    client = signed_in(examiner)
    paper = make_paper(bank, size=1)
    question = bank.questions.get()
    old = paper.slots.get().version
    address = reverse("exam_question:edit", args=[question.pk])
    page = client.get(address)
    assert "第 1 版（现行）" in page.content.decode()
    assert page.context["form"]["based_on"].value() == 1
    fields = question_fields(bank, stem="新题干", based_on=1)
    fields.update({"options-right": ["B"], "kind": "multiple", "code": "hacked"})  # the lasting fields are not read
    response = client.post(address, fields)
    assert response.status_code == 302, errors_of(response)
    question.refresh_from_db()
    assert (question.kind, question.code) == ("single", "Q0001")
    assert (question.current_version.number, question.current_version.stem) == (2, "新题干")
    old.refresh_from_db()
    assert (old.stem, old.key) == (CONTENT["stem"], ["A"])
    assert paper.slots.get().version == old
    text = client.get(address).content.decode()
    assert "第 2 版（现行）" in text
    assert CONTENT["stem"] in text  # the history shows the first version

    assert "刚刚被改为第 2 版" in errors_of(client.post(address, {**fields, "stem": "迟来的修改"}))
    client.post(address, {**fields, "based_on": 2})  # nothing differs
    assert question.versions.count() == 2

    edit = reverse("exam_paper:edit", args=[paper.pk])
    row = {"question": question.pk, "mark": "10", "ORDER": 1}
    shown = client.get(edit).content.decode()
    assert "换用最新版本" in shown
    assert CONTENT["stem"] in shown  # what candidates will see, not what the bank has now
    client.post(edit, paper_fields(bank.organisation, [row], **{"slots-INITIAL_FORMS": 1}))
    assert paper.slots.get().version == old
    row["renew"] = "on"
    client.post(edit, paper_fields(bank.organisation, [row], **{"slots-INITIAL_FORMS": 1}))
    assert paper.slots.get().version == question.current_version


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"options-right": ["A"]}, "多选题至少有两个正确答案"),
        ({"options-right": []}, "正确答案必须是已有的选项"),
        ({"options-right": ["A", "H"]}, "选项 H 标为正确，但没有填写内容"),
        ({"kind": "single"}, "只能有一个正确答案"),
        ({"options-text-B": "", "options-text-C": "", "options-text-D": ""}, "选项 B 标为正确"),
        ({"options-percent-A": "一半"}, "得分比例应为数字"),
        ({"options-percent-A": "60", "options-percent-B": "60"}, "合计为 100%"),
        ({"options-percent-A": "1e999"}, "-100 到 100"),
        ({"stem": " "}, "必需字段"),
        ({"kind": "essay"}, "essay"),
        ({"bank": "999999"}, "bank"),
    ],
)
def test_errors_of_a_question_are_told_in_chinese(
    examiner: User, bank: Bank, changes: dict[str, Any], message: str
) -> None:
    response = signed_in(examiner).post(reverse("exam_question:add"), question_fields(bank, **changes))
    assert message in errors_of(response)
    assert not Question.objects.exists()


def test_empty_rows_close_up_and_shares_are_kept_as_text(examiner: User, bank: Bank) -> None:
    client = signed_in(examiner)
    shares = {"options-percent-A": "50", "options-percent-C": "50", "options-percent-D": "-25.5%"}
    fields = question_fields(bank, **{"options-text-B": "", "options-right": ["A", "C"], **shares})
    response = client.post(reverse("exam_question:add"), fields)
    assert response.status_code == 302, errors_of(response)
    question = Question.objects.get()
    assert question.current_version.options == [
        {"id": "A", "text": "选项A", "fraction": "0.5"},
        {"id": "B", "text": "选项C", "fraction": "0.5"},
        {"id": "C", "text": "选项D", "fraction": "-0.255"},
    ]
    assert question.current_version.key == ["A", "B"]
    page = client.get(reverse("exam_question:edit", args=[question.pk])).content.decode()
    assert 'value="-25.5"' in page


def test_a_judgement_needs_no_texts(examiner: User, bank: Bank) -> None:
    empty = {f"options-text-{letter}": "" for letter in "ABCD"}
    fields = question_fields(bank, kind="judge", **{**empty, "options-right": ["B"]})
    response = signed_in(examiner).post(reverse("exam_question:add"), fields)
    assert response.status_code == 302, errors_of(response)
    version = Question.objects.get().current_version
    assert [option["text"] for option in version.options] == ["正确", "错误"]
    assert version.key == ["B"]


def test_a_code_is_taken_once_and_a_kind_is_for_ever(examiner: User, bank: Bank) -> None:
    create_question(bank, "X1", "single", CONTENT)
    response = signed_in(examiner).post(reverse("exam_question:add"), question_fields(bank, code="X1"))
    assert "题库里已有这个编号" in errors_of(response)
    with pytest.raises(InvalidInput, match="题型不能更改"):
        save_question(bank, "X1", "multiple", {**CONTENT, "key": ["A", "B"]})
    assert save_question(bank, "X1", "single", CONTENT).versions.count() == 1


def test_a_paper_that_was_sat_is_frozen_and_can_be_copied(examiner: User, bank: Bank) -> None:
    client = signed_in(examiner)
    paper = make_paper(bank)
    sittings.start_attempt(open_quiz(paper, title="测验"), make_member())
    slots = list(paper.slots.values_list("pk", "version", "mark"))
    address = reverse("exam_paper:edit", args=[paper.pk])
    page = client.get(address).content.decode()
    assert "已有人作答这份试卷" in page
    assert "添加一题" not in page
    copy = reverse("exam_paper:copy", args=[paper.pk])
    assert f'href="{copy}"' in page

    row = {"question": bank.questions.first().pk, "mark": "1", "ORDER": 1}
    fields = paper_fields(bank.organisation, [row], title="改名可以", multiple_policy="all_or_nothing:1")
    assert client.post(address, fields).status_code == 302
    paper.refresh_from_db()
    assert (paper.title, paper.multiple_policy) == ("改名可以", "missing_half:1")
    assert list(paper.slots.values_list("pk", "version", "mark")) == slots
    with pytest.raises(IllegalMove, match="复制为新试卷"):
        save_paper(paper, [(paper.slots.first().version, Decimal(1))], by=examiner)
    paper.multiple_policy = "all_or_nothing:1"
    with pytest.raises(IllegalMove, match="复制为新试卷"):
        save_paper(paper, [(slot.version, slot.mark) for slot in paper.slots.all()], by=examiner)

    for question in bank.questions.all():
        revise_question(question, {**CONTENT, "stem": "改过"})
    form = client.get(copy).context["form"]
    assert form["title"].value() == "改名可以（副本）"
    rows = [{"question": f["question"].value(), "mark": f["mark"].value(), "ORDER": 1} for f in form.slots][:2]
    response = client.post(copy, paper_fields(bank.organisation, rows, title="副本", **{"slots-INITIAL_FORMS": 2}))
    assert response.status_code == 302, errors_of(response)
    twin = Paper.objects.get(title="副本")
    assert [(slot.version_id, slot.mark) for slot in twin.slots.all()] == [(v, mark) for _, v, mark in slots]


def test_an_attempt_does_not_start_on_slots_that_were_just_replaced(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The examiner saves between the reading of the slots and the storing of the attempt."""
    paper = make_paper(bank)
    exam = open_quiz(paper, title="测验")
    read, calls = sittings.secrets.randbits, []

    def save_meanwhile(bits: int) -> int:
        if not calls:
            calls.append(1)
            save_paper(paper, [(paper.slots.first().version, Decimal(7))])
        return read(bits)

    monkeypatch.setattr(sittings.secrets, "randbits", save_meanwhile)
    attempt = sittings.start_attempt(exam, make_member())
    assert [entry["slot"] for entry in attempt.layout] == list(paper.slots.values_list("pk", flat=True))
    assert calls


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "至少要有一道题"),
        ([{"question": "own", "mark": "10"}, {"question": "own", "mark": "5"}], "不能在试卷里出现两次"),
        ([{"question": "own", "mark": "0"}], "0.01"),
        ([{"question": "own", "mark": "1e9"}], "mark"),
        ([{"question": "", "mark": "7"}], "请选择题目"),
        ([{"question": "foreign", "mark": "10"}], "question"),
        ([{"question": "own", "mark": "10", "ORDER": "x"}], "ORDER"),
    ],
)
def test_a_paper_that_could_not_be_sat_is_refused(
    examiner: User, bank: Bank, committees: list[Organisation], rows: list[dict[str, Any]], message: str
) -> None:
    owners = {"own": bank, "foreign": make_bank(committees[1])}
    made = {name: create_question(owner, "", "single", CONTENT).pk for name, owner in owners.items()}
    sent = [{**row, "question": made.get(row["question"], "")} for row in rows]
    response = signed_in(examiner).post(reverse("exam_paper:add"), paper_fields(committees[0], sent))
    assert message in errors_of(response)
    assert not Paper.objects.exists()


def test_a_paper_by_fractions_needs_fractions(examiner: User, bank: Bank) -> None:
    plain = create_question(bank, "", "multiple", {**CONTENT, "key": ["A", "B"]})
    rows = [{"question": plain.pk, "mark": "10"}]
    fields = paper_fields(bank.organisation, rows, multiple_policy="option_fractions:1")
    response = signed_in(examiner).post(reverse("exam_paper:add"), fields)
    assert "第 1 题没有设选项比例" in errors_of(response)


def reachable(user: User, kind: str, item: Any) -> dict[str, int]:
    client = signed_in(user)
    listed = client.get(reverse(f"exam_{kind}:index"))
    codes = {
        page: client.get(reverse(f"exam_{kind}:{page}", args=[item.pk])).status_code for page in ("edit", "inspect")
    }
    return {**codes, "listed": int(item in listed.context["object_list"]) if listed.status_code == 200 else -1}


def made_for(organisation: Organisation, visibility: str = "internal") -> dict[str, Any]:
    bank = make_bank(organisation, visibility=visibility)
    paper = make_paper(bank)
    Paper.objects.filter(pk=paper.pk).update(visibility=visibility)
    return {"bank": bank, "question": bank.questions.first(), "paper": paper}


@pytest.mark.parametrize("kind", ["bank", "question", "paper"])
def test_an_examiner_reaches_what_the_duty_reaches(committees: list[Organisation], kind: str) -> None:
    first, second, root = committees
    own, foreign = made_for(first)[kind], made_for(second, "public")[kind]
    examiner = on_duty(Role.EXAMINER, first)
    assert reachable(examiner, kind, own) == {"edit": 200, "inspect": 200, "listed": 1}
    assert reachable(examiner, kind, foreign) == {"edit": 404, "inspect": 404, "listed": 0}
    assert reachable(examiner, kind, made_for(root, "public")[kind]) == {"edit": 404, "inspect": 200, "listed": 1}
    assert reachable(examiner, kind, made_for(root)[kind]) == {"edit": 404, "inspect": 404, "listed": 0}
    assert reachable(on_duty(Role.EXAMINER, root), kind, foreign) == {"edit": 200, "inspect": 200, "listed": 1}


@pytest.mark.parametrize("kind", ["bank", "question", "paper"])
def test_an_editor_adds_but_does_not_change(committees: list[Organisation], editor: User, kind: str) -> None:
    own = made_for(committees[0])[kind]
    assert reachable(editor, kind, own) == {"edit": 302, "inspect": 200, "listed": 1}
    assert signed_in(editor).get(reverse(f"exam_{kind}:add")).status_code == 200


@pytest.mark.parametrize("kind", ["bank", "question", "paper"])
def test_a_member_gets_no_access(committees: list[Organisation], kind: str) -> None:
    item = made_for(committees[0])[kind]
    client = signed_in(make_member(committees[0]))
    pages = [reverse(f"exam_{kind}:{page}") for page in ("index", "index_results", "add")]
    pages += [reverse(f"exam_{kind}:{page}", args=[item.pk]) for page in ("edit", "inspect")]
    pages += [reverse(f"exam_{name}_chooser:choose") for name in ("question", "paper")]
    assert {client.get(page).status_code for page in pages} <= {302, 403}


def test_an_editor_makes_a_quiz_for_a_lesson(editor: User, bank: Bank, committees: list[Organisation]) -> None:
    client = signed_in(editor)
    assert "新建题目" in client.get(reverse("exam_question:add")).content.decode()
    for place in range(5):
        client.post(reverse("exam_question:add"), question_fields(bank, stem=f"第{place}题"))
    window = client.get(reverse("exam_question_chooser:choose"), {"q": "第3题", "bank": bank.pk, "kind": "multiple"})
    assert "第3题" in window.json()["html"]
    assert "第2题" not in window.json()["html"]
    rows = [{"question": question.pk, "mark": "20"} for question in bank.questions.all()]
    response = client.post(reverse("exam_paper:add"), paper_fields(committees[0], rows))
    assert response.status_code == 302, errors_of(response)
    paper = Paper.objects.get()
    assert paper.slots.count() == 5
    foreign = make_paper(make_bank(committees[1]))
    window = client.get(reverse("exam_paper_chooser:choose")).json()["html"]
    assert reverse("exam_paper_chooser:chosen", args=[paper.pk]) in window
    assert reverse("exam_paper_chooser:chosen", args=[foreign.pk]) not in window
    assert client.get(reverse("exam_paper_chooser:chosen", args=[paper.pk])).json()["result"]["title"] == "课后测验"
    assert client.get(reverse("exam_paper_chooser:chosen", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("exam_paper_chooser:chosen", args=["x"])).status_code == 404
    odd = client.get(reverse("exam_paper_chooser:chosen_multiple"), {"id": ["x", "9" * 30, "\x00", paper.pk]}).json()
    assert [chosen["id"] for chosen in odd["result"]] == [str(paper.pk)]
    many = client.get(reverse("exam_paper_chooser:chosen_multiple"), {"id": [paper.pk, foreign.pk]}).json()
    assert [chosen["id"] for chosen in many["result"]] == [str(paper.pk)]
    lesson = make_lesson(committees[0])
    page = client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert reverse("exam_paper_chooser:choose") in page


def test_nobody_writes_for_another_committee(examiner: User, editor: User, committees: list[Organisation]) -> None:
    foreign = make_bank(committees[1])
    for user in (examiner, editor):
        client = signed_in(user)
        assert "bank" in errors_of(client.post(reverse("exam_question:add"), question_fields(foreign)))
        fields = {"code": "x", "name": "x", "organisation": committees[1].pk, "visibility": "public"}
        assert "organisation" in errors_of(client.post(reverse("exam_bank:add"), fields))
        with pytest.raises(NotAllowed):
            create_question(foreign, "", "single", CONTENT, by=user)
    question = create_question(foreign, "", "single", CONTENT)
    with pytest.raises(NotAllowed):
        revise_question(question, {**CONTENT, "stem": "别人的题"}, by=examiner)


@pytest.mark.parametrize("role", [Role.EXAMINER, Role.EDITOR, Role.REVIEWER, Role.MARKER, None])
def test_rules_and_filters_agree(committees: list[Organisation], role: str | None) -> None:
    user = make_member(committees[0])
    if role:
        appoint(user, role, committees[0])
    below = make_organisation(parent=committees[0])
    for place in (*committees, below):
        for visibility in ("internal", "public"):
            made_for(place, visibility)
    Paper.objects.create(title="无主")
    twins = {"visible_to": rules.can_see, "writable_by": rules.can_write, "changeable_by": rules.can_change}
    for model in (Bank, Question, Paper):
        for name, predicate in twins.items():
            by_filter = set(getattr(model.objects, name)(user))
            assert by_filter == {item for item in model.objects.all() if predicate(user, item)}, (model, name)


@pytest.mark.parametrize("kind", ["bank", "question", "paper"])
def test_lists_take_as_many_queries_for_one_row_as_for_twenty(
    examiner: User, bank: Bank, kind: str, django_assert_num_queries: Any
) -> None:
    client = signed_in(examiner)
    address = reverse(f"exam_{kind}:index")

    def grow(rows: int) -> None:
        for _ in range(rows):
            owner = make_bank(bank.organisation) if kind == "bank" else bank
            make_paper(owner, size=1)

    grow(1)
    client.get(address)  # fills the caches of content types and sites
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(address)
    grow(19)
    with django_assert_num_queries(len(one)):
        page = client.get(address)
    assert len(page.context["object_list"]) == 20


def test_questions_are_searched_and_filtered(examiner: User, bank: Bank) -> None:
    other = make_bank(bank.organisation)
    wanted = create_question(bank, "FIND", "single", {**CONTENT, "stem": "三会一课", "difficulty": 3})
    create_question(bank, "", "judge", CONTENT)
    create_question(other, "", "single", {**CONTENT, "stem": "民主评议"})
    client, address = signed_in(examiner), reverse("exam_question:index")
    for query in ({"q": "一课"}, {"q": "find"}, {"difficulty": 3}, {"bank": bank.pk, "kind": "single"}):
        assert list(client.get(address, query).context["object_list"]) == [wanted], query


def test_a_fill_in_is_written_and_changed_in_the_form(examiner: User, committees: list[Organisation]) -> None:
    bank = make_bank(committees[0])
    client = Client()
    client.force_login(examiner)
    form = {"bank": bank.pk, "code": "F1", "kind": "fill", "stem": "党支部是党的____组织。", "difficulty": 2}
    client.post(reverse("exam_question:add"), {**form, "options-text-A": "基础|基礎"})
    question = Question.objects.get(code="F1")
    assert question.current_version is not None
    assert question.current_version.key == [["基础", "基礎"]]
    page = client.get(reverse("exam_question:edit", args=[question.pk])).content.decode()
    assert 'value="基础 | 基礎"' in page
    client.post(reverse("exam_question:add"), {**form, "code": "F2", "options-text-A": " | "})
    assert not Question.objects.filter(code="F2").exists()


def test_what_people_mark_is_shown_but_has_no_form(examiner: User, committees: list[Organisation]) -> None:
    point = {"point": "每季度一次", "score": "2"}
    content = {"stem": "简述频次", "options": [], "key": [point]}
    question = create_question(make_bank(committees[0]), "S1", "short", content)
    assert not rules.can_change(examiner, question)
    assert not Question.objects.changeable_by(examiner).exists()
    client = Client()
    client.force_login(examiner)
    shown = client.get(reverse("exam_question:inspect", args=[question.pk]))
    assert "每季度一次（2 分）" in shown.content.decode()
    assert client.get(reverse("exam_question:edit", args=[question.pk])).status_code in (302, 403, 404)
    assert client.get(reverse("exam_question:index")).status_code == 200
