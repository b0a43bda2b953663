"""Written kinds: fill-ins are marked whatever the spelling habit; what people must mark stays off papers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.domain.papers import build_paper, open_quiz
from exams.domain.questions import load_questions
from exams.domain.sittings import save_responses, start_attempt, submit_attempt
from exams.kinds import KINDS, MACHINE_MARKED, POLICIES
from exams.kinds.written import blanks
from exams.models import Bank, Question
from exams.queries import paper_for, result_of
from school.kernel.errors import InvalidInput
from tests.factories import make_member, make_organisation

FILL = KINDS["fill"]
POLICY = next(iter(POLICIES.values()))
ROW = {
    "id": "F1",
    "type": "fill",
    "stem": "一切为了群众，____，从群众中来，____。",
    "options": [],
    "answer": [["一切依靠群众"], ["到群众中去", "回到群众中去"]],
}
SHORT = {
    "id": "S1",
    "type": "short",
    "stem": "简述。",
    "options": [],
    "answer": ["要点"],
    "scoring_points": [{"point": "要点", "score": 10}],
}


@pytest.mark.parametrize(
    ("answer", "mark"),
    [
        (["一切依靠群众", "到群众中去"], "3.00"),
        ([" 一切 依靠群众", "回到群众中去"], "3.00"),
        (["一切依靠群衆", "到群眾中去"], "3.00"),
        (["一切依靠群众"], "1.50"),
        (["到群众中去", "一切依靠群众"], "0"),
        ([], "0"),
    ],
)
def test_each_blank_counts_the_same(answer: list[str], mark: str) -> None:
    assert FILL.mark(answer, ROW["answer"], blanks(2), Decimal(3), POLICY) == Decimal(mark)


def test_width_and_case_do_not_matter() -> None:
    assert FILL.mark(["６"], [["6", "六"]], blanks(1), Decimal(2), POLICY) == 2
    assert FILL.mark(["ＡＢc"], [["abC"]], blanks(1), Decimal(2), POLICY) == 2
    assert FILL.mark(["16"], [["6"]], blanks(1), Decimal(2), POLICY) == 0


@given(st.lists(st.text(max_size=10), max_size=4), st.integers(1, 4), st.decimals("0.5", 20, places=1))
def test_a_mark_stays_between_nothing_and_the_whole(answer: list[str], count: int, whole: Decimal) -> None:
    key = [["甲", "乙"]] * count
    assert 0 <= FILL.mark(answer, key, blanks(count), whole, POLICY) <= whole
    assert FILL.mark(["乙"] * count, key, blanks(count), whole, POLICY) == whole


@pytest.mark.parametrize("answer", ["甲", [1], ["甲"] * 3, ["长" * 201], ["\x00"], {"1": "甲"}, None])
def test_absurd_answers_are_refused(answer: object) -> None:
    with pytest.raises(InvalidInput):
        FILL.parse(answer, blanks(2))


@pytest.mark.parametrize(("options", "key"), [([], []), (blanks(2), [["甲"]]), (blanks(1), [[]]), (blanks(1), [[" "]])])
def test_a_blank_without_an_answer_is_refused(options: list[dict[str, str]], key: list[list[str]]) -> None:
    with pytest.raises(InvalidInput):
        FILL.validate(options, key)


@pytest.fixture
def bank(db: None) -> Bank:
    return Bank.objects.create(code="w", name="题库", organisation=make_organisation())


def test_a_fill_in_is_sat_marked_and_reviewed(bank: Bank) -> None:
    question = load_questions(bank, [ROW])[0]
    attempt = start_attempt(open_quiz(build_paper("卷", [(question, Decimal(4))]), title="测验"), make_member())
    shown = paper_for(attempt)[0]
    assert [blank["text"] for blank in shown["blanks"]] == ["第 1 空", "第 2 空"]
    assert "群众中去" not in str(shown["options"]) + str(shown["blanks"])
    save_responses(attempt, [{"slot": shown["slot"], "seq": 1, "answer": ["一切依靠群众", "不知道"]}])
    assert paper_for(attempt)[0]["blanks"][1]["written"] == "不知道"
    assert submit_attempt(attempt).score == 2
    lines = result_of(attempt)[0]["options"]
    assert [line["right"] for line in lines] == [True, False]
    assert "到群众中去" in lines[1]["flag"]


def test_what_people_must_mark_stays_off_papers(bank: Bank) -> None:
    question = load_questions(bank, [SHORT])[0]
    assert question.current_version is not None
    assert question.current_version.key == [{"point": "要点", "score": "10"}]
    assert not Question.objects.filter(pk=question.pk).ready().exists()
    with pytest.raises(InvalidInput, match="人工阅卷"):
        build_paper("卷", [(question, Decimal(10))])
    assert set(KINDS) - MACHINE_MARKED == {"short", "case"}


def test_the_demo_file_loads_whole(bank: Bank) -> None:
    import json

    from home.demo.content import CONTENT

    rows = json.loads((CONTENT / "questions.json").read_text(encoding="utf-8"))
    assert len(load_questions(bank, rows)) == bank.questions.count() == 60
    assert [len(set(q)) for q in [bank.questions.values_list("kind", flat=True)]] == [6]
