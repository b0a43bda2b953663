"""One's tasks, assigning study, and following an assignment."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from courses import queries
from courses.domain.assignments import issue_assignment, remind_unfinished
from courses.forms import AssignForm
from courses.models import Assignment
from courses.rules import assignable_by
from school.kernel.errors import InvalidInput, NotFound
from school.people.models import SignedInRequest

PER_PAGE = 30


@login_required
def tasks(request: SignedInRequest) -> HttpResponse:
    page = Paginator(queries.tasks_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "courses/tasks.html", {"tasks": page})


@login_required
def assign(request: SignedInRequest) -> HttpResponse:
    if not assignable_by(request.user).exists():
        raise NotFound
    form = AssignForm(request.POST or None, user=request.user, initial={"lesson": request.GET.get("lesson")})
    if request.method == "POST" and form.is_valid():
        try:
            assignment = issue_assignment(by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            for field, message in error.fields.items():
                form.add_error(field, message)
        else:
            messages.success(request, "已指派，并通知到每一个人。")
            return redirect("courses:assignment", assignment.pk)
    return render(request, "courses/assign.html", {"form": form})


@login_required
def assignment(request: SignedInRequest, assignment_id: int) -> HttpResponse:
    """GET lists who has finished; POST reminds the rest."""
    found = (
        Assignment.objects.visible_to(request.user)
        .select_related("lesson", "organisation", "issued_by")
        .filter(pk=assignment_id)
        .first()
    )
    if found is None:
        raise NotFound
    if request.method == "POST":
        count = remind_unfinished(found, by=request.user)
        messages.success(request, f"已提醒 {count} 人。" if count else "没有需要提醒的人：都已完成，或今天已提醒过。")
        return redirect("courses:assignment", found.pk)
    rows = queries.tasks_for_overseer(found, request.user)
    context = {
        "assignment": found,
        "tasks": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "people": rows.count(),
        "done": rows.filter(done_at__isnull=False).count(),
    }
    return render(request, "courses/assignment.html", context)
