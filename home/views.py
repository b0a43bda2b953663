"""The workbench: one page for everybody who oversees an organisation."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from home import queries
from school.kernel.errors import NotFound
from school.people.enums import ROSTER_ROLES, TRAINING_ROLES
from school.people.models import Organisation, SignedInRequest


@login_required
def workbench(request: SignedInRequest) -> HttpResponse:
    """The organisation asked for by ?organisation=CODE, or the highest one the person oversees."""
    overseen = Organisation.objects.in_force().below(list(request.user.scope.overseen)).order_by("path")
    code = request.GET.get("organisation", "").replace("\x00", " ")  # PostgreSQL refuses NUL
    organisation = overseen.filter(code=code).first() if code else overseen.first()
    if organisation is None:
        raise NotFound
    scope = request.user.scope
    context = {
        "organisation": organisation,
        "choices": overseen if len(scope.overseen) > 1 or organisation.numchild else [],
        "can_enter": scope.covers(organisation.path, *ROSTER_ROLES),
        "can_assign": scope.covers(organisation.path, *TRAINING_ROLES),
        **queries.workbench(request.user, organisation),
    }
    return render(request, "home/workbench.html", context)
