"""Signing in and out, and changing one's password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from school.kernel.domain import audit
from school.kernel.errors import TooManyRequests
from school.people.forms import OwnPasswordForm, SignInForm
from school.people.models import SignedInRequest


class SignInView(LoginView):
    form_class = SignInForm
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().post(request, *args, **kwargs)
        except TooManyRequests as error:
            context = {"form": SignInForm(request), "refusal": error.message}
            response = render(request, self.template_name, context, status=error.status)
            response["Retry-After"] = str(error.retry_after)
            return response

    def get_success_url(self) -> str:
        if getattr(self.request.user, "must_change_password", False):
            return "/me/password/"
        return super().get_success_url()


@login_required
def change_password(request: SignedInRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save(commit=False)
        user.must_change_password = False
        user.save()
        update_session_auth_hash(request, user)
        audit.record("user.password", actor=user, target=user)
        messages.success(request, "密码已修改。")
        return redirect("/")
    return render(request, "people/password.html", {"form": form})
