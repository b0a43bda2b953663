"""The form in which a question is written. Saving never edits: it creates a question or a new version of one."""

from typing import TYPE_CHECKING, Any

from django import forms

from exams.domain.questions import create_question, revise_question
from exams.enums import Difficulty, QuestionKind
from exams.forms import add_refusal
from exams.forms.options import OptionRow, OptionsField, content_of_blanks, content_of_rows, rows_of, rows_of_blanks
from exams.kinds import KINDS, MACHINE_MARKED
from exams.models import Bank, Question
from school.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from school.people.models import User

LASTING = ("bank", "code", "kind")  # of the question itself, the same in all its versions
TEXTS = ("stem", "explanation", "difficulty", "source_document", "source_article")
JUDGEMENTS = ("正确", "错误")


class QuestionForm(forms.Form):
    bank = forms.ModelChoiceField(label="题库", queryset=Bank.objects.none())
    code = forms.CharField(label="编号", max_length=40, required=False, help_text="留空则自动编号。")
    kind = forms.ChoiceField(label="题型", choices=[c for c in QuestionKind.choices if c[0] in MACHINE_MARKED])
    stem = forms.CharField(label="题干", widget=forms.Textarea(attrs={"rows": 3}))
    options = OptionsField(
        label="选项与正确答案",
        required=False,
        help_text="判断题可只标出正确的一项（A 为“正确”，B 为“错误”）。"
        "填空题每行填一个空的答案，几种写法用竖线 | 分开，不用标正确。得分比例只用于按选项比例计分的多选题。",
    )
    explanation = forms.CharField(label="解析", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    difficulty = forms.TypedChoiceField(label="难度", choices=Difficulty.choices, coerce=int, initial=Difficulty.MEDIUM)
    category = forms.CharField(label="分类", max_length=60, required=False)
    source_document = forms.CharField(label="依据文件", max_length=200, required=False)
    source_article = forms.CharField(label="依据条款", max_length=60, required=False)
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Media:
        js = [forms.Script("exams/question_form.js", type="module")]

    def __init__(self, *args: Any, user: "User", instance: Question | None = None, **kwargs: Any) -> None:
        self.user, self.instance = user, instance
        if instance:
            kwargs["initial"] = {**_initial(instance), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        writable = Bank.objects.writable_by(user)
        self.fields["bank"].queryset = writable | Bank.objects.filter(pk=instance.bank_id) if instance else writable
        if instance:
            self.fields["code"].help_text = ""
            for name in LASTING:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Beside the fields, what the kind demands of options and key."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "kind" not in cleaned:
            return cleaned
        rows = cleaned.pop("options", [])
        try:
            to_content = content_of_blanks if cleaned["kind"] == QuestionKind.FILL else content_of_rows
            cleaned["options"], cleaned["key"] = to_content(_named(cleaned["kind"], rows))
            KINDS[cleaned["kind"]].validate(cleaned["options"], cleaned["key"])
        except forms.ValidationError as error:
            self.add_error("options", error)
        except InvalidInput as refused:
            self.add_error("options", refused.message)
        return cleaned

    def save(self) -> Question:
        """Raises a DomainError, which `refuse` can show."""
        values = self.cleaned_data
        content = {name: values[name] for name in (*TEXTS, "options", "key", "category")}
        if self.instance is None:
            return create_question(values["bank"], values["code"], values["kind"], content, by=self.user)
        return revise_question(self.instance, content, by=self.user, based_on=values["based_on"])

    refuse = add_refusal


def _initial(question: Question) -> dict[str, Any]:
    version = question.current_version
    lasting = {"bank": question.bank_id, "code": question.code, "kind": question.kind}
    lasting["category"] = question.category.name if question.category else ""
    if version is None:
        return lasting
    texts = {name: getattr(version, name) for name in TEXTS}
    to_rows = rows_of_blanks if question.kind == QuestionKind.FILL else rows_of
    return {**lasting, **texts, "options": to_rows(version.options, version.key), "based_on": version.number}


def _named(kind: str, rows: list[OptionRow]) -> list[OptionRow]:
    """A true-or-false question without texts says 正确 and 错误."""
    if kind != QuestionKind.JUDGE or any(row.text for row in rows):
        return rows
    named = [OptionRow(row.letter, text, row.is_right) for row, text in zip(rows, JUDGEMENTS, strict=False)]
    return named + rows[len(JUDGEMENTS) :]
