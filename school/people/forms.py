"""Forms of signing in and changing one's password."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from school.people.domain.sign_in import check_throttle, note_failure, note_success


class SignInForm(AuthenticationForm):
    """Account and password, throttled for each account; the refusal does not tell whether the account exists."""

    error_messages = {
        "invalid_login": "账号或密码不正确。连续输错 10 次将暂停登录 15 分钟。",
        "inactive": "账号或密码不正确。连续输错 10 次将暂停登录 15 分钟。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["username"].help_text = "一般是您的员工编号"
        self.fields["password"].label = "密码"

    def clean(self) -> dict[str, Any]:
        account = str(self.cleaned_data.get("username", ""))
        check_throttle(account)
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError:
            note_failure(account)
            raise
        note_success(account)
        return cleaned


class OwnPasswordForm(SetPasswordForm):
    """A new password of one's own, on first sign-in or at will."""
