"""The list of exams, the sitting page and the result."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render

from exams import queries
from exams.domain import sittings
from exams.enums import AttemptState
from exams.models import Exam
from school.kernel.errors import NotFound
from school.people.models import SignedInRequest


@login_required
def exam_list(request: SignedInRequest) -> HttpResponse:
    return render(request, "exams/list.html", {"rows": queries.exams_for(request.user)})


@login_required
def sit(request: SignedInRequest, exam_id: int) -> HttpResponse:
    """GET shows the open attempt or the door to it; POST starts one."""
    exam = Exam.objects.visible_to(request.user).select_related("paper").filter(pk=exam_id).first()
    if exam is None:
        raise NotFound
    if request.method == "POST":
        sittings.start_attempt(exam, request.user)
        return redirect("exams:sit", exam.pk)
    attempt = sittings.open_attempt(exam, request.user)
    if attempt is None:
        slots = exam.paper.slots.all()
        context = {"exam": exam, "best": queries.best_attempt(exam, request.user), "slots": slots}
        return render(request, "exams/door.html", context)
    context = {"exam": exam, "attempt": attempt, "questions": queries.paper_for(attempt), **queries.timing(attempt)}
    return render(request, "exams/sit.html", context)


@login_required
def result(request: SignedInRequest, attempt_id: int) -> HttpResponse:
    attempt = sittings.attempt_for(request.user, attempt_id)
    if attempt.state != AttemptState.MARKED:
        return redirect("exams:sit", attempt.exam_id)
    lesson = attempt.exam.paper.lessons.visible_to(request.user).first()
    context = {"attempt": attempt, "questions": queries.result_of(attempt), "lesson": lesson}
    return render(request, "exams/result.html", context)
