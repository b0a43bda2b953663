"""The list of one's notices."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from school.notices.domain.delivery import mark_read
from school.notices.models import Notice
from school.people.models import SignedInRequest

PER_PAGE = 20


@login_required
def notice_list(request: SignedInRequest) -> HttpResponse:
    if request.method == "POST":
        mark_read(request.user)
        return redirect("notices:list")
    page = Paginator(Notice.objects.visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notices/list.html", {"notices": page})
