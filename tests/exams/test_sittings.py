"""Sitting an exam: repeats, stale and hostile input, deadlines, and who may see what."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from exams.domain import sittings
from exams.domain.questions import save_question
from exams.enums import AttemptState
from exams.models import Attempt, Exam, SlotMark
from exams.queries import paper_for
from exams.signals import attempt_marked
from school.kernel.errors import IllegalMove, InvalidInput
from school.people.models import User
from tests.factories import make_member, make_quiz

pytestmark = pytest.mark.django_db


@pytest.fixture
def exam() -> Exam:
    return make_quiz()


@pytest.fixture
def candidate() -> User:
    return make_member()


@pytest.fixture
def attempt(exam: Exam, candidate: User) -> Attempt:
    return sittings.start_attempt(exam, candidate)


def slots(attempt: Attempt) -> list[int]:
    return sorted(entry["slot"] for entry in attempt.layout)


def right_answers(attempt: Attempt) -> list[dict[str, Any]]:
    return [{"slot": s.pk, "seq": 1, "answer": s.version.key} for s in sittings.slots_of(attempt)]


def test_starting_twice_resumes(exam: Exam, candidate: User, attempt: Attempt) -> None:
    assert sittings.start_attempt(exam, candidate) == attempt
    assert Attempt.objects.count() == 1


def test_the_highest_seq_wins_whatever_the_order(attempt: Attempt) -> None:
    slot = slots(attempt)[1]
    sittings.save_responses(attempt, [{"slot": slot, "seq": 5, "answer": ["B"]}])
    stored = sittings.save_responses(attempt, [{"slot": slot, "seq": 4, "answer": ["A"]}])
    assert stored == [{"slot": slot, "seq": 5}]
    assert attempt.responses.get().answer == ["B"]


@pytest.mark.parametrize("answer", ["A", 7, None, {"a": 1}, ["Z"], [1], ["A"] * 50, [["A"]], ["A", "B"]])
def test_absurd_answers_are_refused_by_the_place_of_the_question(attempt: Attempt, answer: Any) -> None:
    single = slots(attempt)[1]
    items = [{"slot": slots(attempt)[0], "seq": 1, "answer": ["A"]}, {"slot": single, "seq": 1, "answer": answer}]
    with pytest.raises(InvalidInput, match="第 2 题"):
        sittings.save_responses(attempt, items)
    assert not attempt.responses.exists()  # nothing of the batch is kept


def test_unknown_slot_is_refused(attempt: Attempt) -> None:
    with pytest.raises(InvalidInput, match="没有这道题"):
        sittings.save_responses(attempt, [{"slot": 10**9, "seq": 1, "answer": ["A"]}])


def test_all_right_passes_and_is_told_once(attempt: Attempt, django_capture_on_commit_callbacks: Any) -> None:
    told: list[Attempt] = []

    def listen(sender: Any, attempt: Attempt, **kwargs: Any) -> None:
        told.append(attempt)

    attempt_marked.connect(listen)
    sittings.save_responses(attempt, right_answers(attempt))
    with django_capture_on_commit_callbacks(execute=True):
        first = sittings.submit_attempt(attempt)
        second = sittings.submit_attempt(attempt)
    attempt_marked.disconnect(listen)
    assert (first.state, first.score, first.passed) == (AttemptState.MARKED, 30, True)
    assert second.score == first.score
    assert told == [first]
    assert SlotMark.objects.count() == 3


def test_missing_one_of_two_earns_half(attempt: Attempt) -> None:
    sittings.save_responses(attempt, [{"slot": slots(attempt)[0], "seq": 1, "answer": ["A"]}])
    done = sittings.submit_attempt(attempt)
    assert (done.score, done.passed) == (5, False)


def test_no_answer_after_submission(attempt: Attempt) -> None:
    sittings.submit_attempt(attempt)
    with pytest.raises(IllegalMove, match="已交卷"):
        sittings.save_responses(attempt, right_answers(attempt))


def test_the_server_deadline_holds(exam: Exam, candidate: User) -> None:
    exam.time_limit = 10
    exam.save()
    start = timezone.now() - timedelta(minutes=10)
    attempt = sittings.start_attempt(exam, candidate, now=start)
    just_late = attempt.deadline + sittings.LAG_ALLOWANCE
    sittings.save_responses(attempt, right_answers(attempt)[:1], now=just_late)
    with pytest.raises(IllegalMove, match="时间已到"):
        sittings.save_responses(attempt, right_answers(attempt), now=just_late + timedelta(seconds=1))
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(minutes=5))
    seen = sittings.attempt_for(candidate, attempt.pk)
    assert seen.state == AttemptState.MARKED  # handed in on first sight, without any queue
    assert seen.submitted_at == seen.deadline


def test_overdue_task_may_run_twice(exam: Exam, candidate: User, attempt: Attempt) -> None:
    Attempt.objects.update(deadline=timezone.now() - timedelta(minutes=5))
    assert sittings.submit_overdue_attempts() == 1
    assert sittings.submit_overdue_attempts() == 0


def test_a_corrected_question_leaves_old_attempts_alone(exam: Exam, attempt: Attempt) -> None:
    version = exam.paper.slots.get(position=2).version
    content = {"stem": "新题干", "options": version.options, "key": ["B"]}
    question = save_question(version.question.bank, version.question.code, "single", content)
    assert question.current_version.number == 2
    sittings.save_responses(attempt, right_answers(attempt))
    assert sittings.submit_attempt(attempt).score == 30


def test_one_attempt_only_when_so_set(exam: Exam, candidate: User, attempt: Attempt) -> None:
    exam.max_attempts = 1
    exam.save()
    sittings.submit_attempt(attempt)
    with pytest.raises(IllegalMove, match="次数已用完"):
        sittings.start_attempt(exam, candidate)


def test_no_key_leaves_before_submission(exam: Exam, candidate: User, attempt: Attempt, client: Client) -> None:
    client.force_login(candidate)
    addresses = [f"/api/v1/attempts/{attempt.pk}", "/api/v1/exams", f"/exams/{exam.pk}/sit/", "/exams/"]
    for address in addresses:
        text = client.get(address).content.decode()
        assert "秘密解析" not in text
        assert '"key"' not in text
    assert client.get(f"/api/v1/attempts/{attempt.pk}/result").status_code == 409
    sittings.submit_attempt(attempt)
    assert "秘密解析" in client.get(f"/exams/attempts/{attempt.pk}/").content.decode()


def test_another_persons_attempt_does_not_exist(attempt: Attempt, client: Client) -> None:
    client.force_login(make_member())
    url = f"/api/v1/attempts/{attempt.pk}"
    assert client.get(url).status_code == 404
    assert client.put(f"{url}/responses", "[]", content_type="application/json").status_code == 404
    assert client.post(f"{url}/submit").status_code == 404
    assert client.get(f"/exams/attempts/{attempt.pk}/").status_code == 404


@pytest.mark.parametrize("size", [3, 30])
def test_the_paper_is_read_in_as_many_queries_for_any_size(
    candidate: User, size: int, django_assert_num_queries: Any
) -> None:
    attempt = sittings.start_attempt(make_quiz(size=size), candidate)
    with django_assert_num_queries(2):
        assert len(paper_for(attempt)) == size


def test_one_bad_attempt_does_not_stop_the_sweeper(exam: Exam) -> None:
    Exam.objects.filter(pk=exam.pk).update(time_limit=10)
    exam.refresh_from_db()
    long_ago = timezone.now() - timedelta(hours=1)
    attempts = [sittings.start_attempt(exam, make_member(), now=long_ago) for _ in range(3)]
    Attempt.objects.filter(pk=attempts[0].pk).update(layout=7)
    with pytest.raises(TypeError):
        sittings.submit_overdue_attempts()
    states = [Attempt.objects.get(pk=attempt.pk).state for attempt in attempts]
    assert states == [AttemptState.IN_PROGRESS, AttemptState.MARKED, AttemptState.MARKED]
