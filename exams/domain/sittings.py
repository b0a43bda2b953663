"""Sitting an exam: start, save answers, submit. The server's clock is the only clock; every call may be repeated."""

import logging
import random
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from exams.domain.marking import mark_attempt
from exams.enums import ATTEMPT_MOVES, FINISHED, AttemptState
from exams.kinds import KINDS
from exams.models import Attempt, Exam, PaperSlot, Response
from school.kernel import transitions
from school.kernel.errors import DomainError, IllegalMove, InvalidInput, NotFound

if TYPE_CHECKING:
    from school.people.models import User

log = logging.getLogger(__name__)
LAG_ALLOWANCE = timedelta(seconds=30)  # for answers already on their way when the time ends
MAX_BATCH = 500


class PaperChanged(Exception):
    """The slots read for a new attempt were replaced before it was stored."""


def start_attempt(exam: Exam, candidate: "User", *, now: datetime | None = None) -> Attempt:
    """Start an attempt, or return the one that is open. Two starts at once share one attempt."""
    now = now or timezone.now()
    if not Exam.objects.visible_to(candidate).filter(pk=exam.pk).exists():
        raise NotFound
    for _ in range(2):
        existing = open_attempt(exam, candidate, now=now)
        if existing:
            return existing
        _check_may_start(exam, candidate, now)
        try:
            with transaction.atomic():
                return _create_attempt(exam, candidate, now)
        except (IntegrityError, PaperChanged):
            continue  # another request of the same person was quicker, or the examiner saved the paper: look again
    raise IllegalMove("暂时不能开始，请刷新页面后再试。")


def save_responses(
    attempt: Attempt, items: Iterable[dict[str, Any]], *, now: datetime | None = None
) -> list[dict[str, Any]]:
    """Store a batch of `{slot, seq, answer}`; the highest `seq` wins. Returns `{slot, seq}` as stored.

    Nothing of the batch is stored if one item is malformed (InvalidInput) or the time is over (IllegalMove).
    """
    now = now or timezone.now()
    slots = {slot.pk: slot for slot in slots_of(attempt)}
    checked = _checked_items(items, slots)
    with transaction.atomic():
        locked: Attempt = Attempt.objects.select_for_update().get(pk=attempt.pk)
        if locked.state != AttemptState.IN_PROGRESS:
            raise IllegalMove("这份答卷已交卷，不能再修改答案。", code="already_submitted")
        if locked.deadline and now > locked.deadline + LAG_ALLOWANCE:
            raise IllegalMove("作答时间已到，此后的答案不再计入。", code="time_over")
        stored = {response.slot_id: response for response in Response.objects.filter(attempt=locked)}
        for slot_id, seq, answer in checked:
            _store(locked, stored, slot_id, seq, answer, now)
        return [{"slot": slot_id, "seq": stored[slot_id].seq} for slot_id, _, _ in checked]


def submit_attempt(attempt: Attempt, *, now: datetime | None = None) -> Attempt:
    """Hand in and mark. A second call returns the attempt unchanged."""
    now = now or timezone.now()
    with transaction.atomic():
        locked: Attempt = (
            Attempt.objects.select_for_update().select_related("exam__paper", "candidate").get(pk=attempt.pk)
        )
        if locked.state in FINISHED:
            return locked
        finished_at = min(now, locked.deadline) if locked.deadline else now
        transitions.move(locked, AttemptState.SUBMITTED, ATTEMPT_MOVES, submitted_at=finished_at)
        mark_attempt(locked)
    return locked


def submit_overdue_attempts() -> int:
    """Each minute: hand in what is past its deadline and return how many. One bad attempt does not stop the others.

    Raises the last failure at the end, so that the task is seen to have failed.
    """
    limit = timezone.now() - LAG_ALLOWANCE
    count, failure = 0, None
    for attempt in Attempt.objects.overdue(limit).iterator(chunk_size=200):
        try:
            submit_attempt(attempt)
            count += 1
        except Exception as error:
            log.exception("attempt %s could not be handed in", attempt.pk)
            failure = error
    if failure:
        raise failure
    return count


def attempt_for(candidate: "User", attempt_id: int, *, now: datetime | None = None) -> Attempt:
    """One's own attempt, handed in if its time is over; NotFound for anybody else's."""
    attempt = Attempt.objects.visible_to(candidate).select_related("exam__paper").filter(pk=attempt_id).first()
    if attempt is None:
        raise NotFound
    now = now or timezone.now()
    if attempt.state == AttemptState.IN_PROGRESS and attempt.deadline and now > attempt.deadline + LAG_ALLOWANCE:
        return submit_attempt(attempt, now=now)
    return attempt


def open_attempt(exam: Exam, candidate: "User", *, now: datetime | None = None) -> Attempt | None:
    """The candidate's attempt in progress; one whose time is over is handed in and no longer open."""
    attempt = Attempt.objects.filter(exam=exam, candidate=candidate, state=AttemptState.IN_PROGRESS).first()
    if attempt is None:
        return None
    current = attempt_for(candidate, attempt.pk, now=now)
    return current if current.state == AttemptState.IN_PROGRESS else None


def slots_of(attempt: Attempt) -> list[PaperSlot]:
    """The slots of the frozen paper in the order shown, each with its question version."""
    slots = PaperSlot.objects.filter(pk__in=[entry["slot"] for entry in attempt.layout]).select_related(
        "version__question"
    )
    by_id = {slot.pk: slot for slot in slots}
    return [by_id[entry["slot"]] for entry in attempt.layout]


def deadline_of(exam: Exam, started_at: datetime) -> datetime | None:
    """The earlier of start plus limit and the close of the exam; None when there is neither."""
    ends = []
    if exam.time_limit:
        ends.append(started_at + timedelta(minutes=exam.time_limit))
    if exam.closes_at:
        ends.append(exam.closes_at)
    return min(ends, default=None)


def _check_may_start(exam: Exam, candidate: "User", now: datetime) -> None:
    if exam.opens_at and now < exam.opens_at:
        raise IllegalMove("考试还没有开始，请在开考时间后进入。", code="not_open")
    if exam.closes_at and now >= exam.closes_at:
        raise IllegalMove("考试已经结束，不能再进入。", code="closed")
    taken = Attempt.objects.filter(exam=exam, candidate=candidate).exclude(state=AttemptState.VOIDED).count()
    if exam.max_attempts and taken >= exam.max_attempts:
        raise IllegalMove(f"这场考试最多作答 {exam.max_attempts} 次，您的次数已用完。", code="no_attempts_left")


def _create_attempt(exam: Exam, candidate: "User", now: datetime) -> Attempt:
    slots = list(exam.paper.slots.select_related("version__question"))
    if not slots:
        raise DomainError("这份试卷还没有题目，请联系命题人。", code="empty_paper")
    seed = secrets.randbits(48)
    draw = random.Random(seed)
    layout = []
    for slot in slots:
        ids = [option["id"] for option in slot.version.options]
        if KINDS[slot.version.question.kind].shuffles_options:
            draw.shuffle(ids)
        layout.append({"slot": slot.pk, "options": ids})
    attempt: Attempt = Attempt.objects.create(
        exam=exam,
        candidate=candidate,
        number=Attempt.objects.filter(exam=exam, candidate=candidate).count() + 1,
        seed=seed,
        layout=layout,
        started_at=now,
        deadline=deadline_of(exam, now),
        total=sum((slot.mark for slot in slots), Decimal(0)),
    )
    # From here on the paper is frozen; storing the attempt waited for a save of the paper that was under way.
    if {slot.pk for slot in slots} != set(PaperSlot.objects.filter(paper=exam.paper_id).values_list("pk", flat=True)):
        raise PaperChanged
    return attempt


def _checked_items(items: Iterable[dict[str, Any]], slots: dict[int, PaperSlot]) -> list[tuple[int, int, list[str]]]:
    """Every item checked before any is stored; the message names the question's place on the paper."""
    batch = list(items)
    if len(batch) > MAX_BATCH:
        raise InvalidInput(f"一次最多保存 {MAX_BATCH} 道题的答案。")
    places = {slot_id: place for place, slot_id in enumerate(slots, start=1)}
    checked = []
    for item in batch:
        slot_id, seq = item["slot"], item["seq"]
        if slot_id not in slots:
            raise InvalidInput(
                "答卷里没有这道题，请刷新页面后再答。", fields={"slot": str(slot_id)}, code="unknown_slot"
            )
        version = slots[slot_id].version
        try:
            answer = KINDS[version.question.kind].parse(item["answer"], version.options)
        except InvalidInput as error:
            raise InvalidInput(f"第 {places[slot_id]} 题：{error.message}", fields={"slot": str(slot_id)}) from error
        checked.append((slot_id, seq, answer))
    return checked


def _store(
    attempt: Attempt, stored: dict[int, Response], slot_id: int, seq: int, answer: list[str], now: datetime
) -> None:
    known = stored.get(slot_id)
    if known is None:
        stored[slot_id] = Response.objects.create(
            attempt=attempt, slot_id=slot_id, seq=seq, answer=answer, saved_at=now
        )
    elif seq > known.seq:
        known.seq, known.answer, known.saved_at = seq, answer, now
        known.save(update_fields=["seq", "answer", "saved_at"])
