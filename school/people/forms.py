"""Forms of signing in, changing one's password, importing rosters and finding members."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm

from school.people.domain.sign_in import check_throttle, note_failure, note_success
from school.people.domain.tables import MAX_FILE_BYTES
from school.people.enums import MembershipKind
from school.people.models import Organisation
from school.people.rules import enterable_by


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


class RosterForm(forms.Form):
    """The file, where its people belong, and how to go about rows that are wrong."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="登记到", empty_label=None, help_text="名册里写了组织的，须在它之下"
    )
    file = forms.FileField(
        label="名册文件",
        help_text=f"XLSX、XLS 或 CSV，不超过 {MAX_FILE_BYTES // 1024**2} MB",
        widget=forms.FileInput({"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": "请选择名册文件。", "empty": "文件是空的，请填好名册、保存后再导入。"},
    )
    mode = forms.ChoiceField(
        label="有错误的行时",
        choices=[
            ("all", "全部不导入，改好后再导"),
            ("partial", "先导入正确的行"),
            ("dry", "只检查，不导入"),
        ],
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = enterable_by(user)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(f"文件超过 {MAX_FILE_BYTES // 1024**2} MB，请分成几个文件再导入。")
        return file


class MemberFilterForm(forms.Form):
    """How the list of members is narrowed; organisations are named by their codes."""

    q = forms.CharField(label="姓名或员工编号", required=False, max_length=40)
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="组织", required=False, to_field_name="code", empty_label="全部组织"
    )
    kind = forms.ChoiceField(label="身份", required=False, choices=[("", "全部身份"), *MembershipKind.choices])

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.in_force().visible_to(user)
        for name in self.fields:
            self.fields[name].widget.attrs["class"] = "field"
        self.fields["q"].widget.attrs["placeholder"] = "姓名或员工编号"
