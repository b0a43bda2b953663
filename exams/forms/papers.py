"""Forms of banks and papers; a paper's questions are lines with a mark, in the order of their numbers."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from wagtail.admin.forms.formsets import BaseFormSetMixin
from wagtail.admin.widgets import BaseChooser

from exams import rules
from exams.domain.banks import save_bank
from exams.domain.papers import current_version, save_paper
from exams.enums import WRITING_ROLES
from exams.forms import add_refusal
from exams.models import Bank, Paper, PaperSlot, Question, QuestionVersion
from school.people.models import Organisation
from school.people.models.organisations import subtree

if TYPE_CHECKING:
    from school.people.models import User

USUAL_MARK = Decimal(10)


class OwnedForm(forms.ModelForm):
    """Common part: the organisation is one that the person writes for."""

    def __init__(self, *args: Any, user: "User", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        paths = user.scope.paths_of(*WRITING_ROLES)
        field = self.fields["organisation"]
        field.queryset = Organisation.objects.filter(subtree("path", paths))
        field.required = True
        field.label_from_instance = _indented
        if self.instance.pk is None and not self.initial.get("organisation"):
            field.initial = field.queryset.first()

    refuse = add_refusal


class BankForm(OwnedForm):
    class Meta:
        model = Bank
        fields = ("code", "name", "organisation", "visibility")

    def save(self, commit: bool = True) -> Bank:
        return save_bank(self.instance, by=self.user)


class QuestionChooser(BaseChooser):
    """The button that opens the list of questions, and the question once chosen."""

    model = Question
    icon = "help"
    choose_one_text = "选择题目"
    choose_another_text = "换一道题"
    link_to_chosen_text = "修改题目"
    chooser_modal_url_name = "exam_question_chooser:choose"

    def get_instance(self, value: Any) -> Question | None:
        if value is None or isinstance(value, Question):
            return value
        found: Question | None = Question.objects.with_texts().filter(pk=value).first()
        return found


class SlotForm(forms.Form):
    question = forms.ModelChoiceField(
        label="题目",
        queryset=Question.objects.none(),
        widget=QuestionChooser,
        error_messages={"required": "请选择题目。"},
    )
    mark = forms.DecimalField(
        label="分值", max_digits=5, decimal_places=2, min_value=Decimal("0.01"), initial=USUAL_MARK
    )
    renew = forms.BooleanField(label="换用最新版本", required=False)

    def __init__(self, *args: Any, user: "User", kept: dict[int, QuestionVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Question.objects.visible_to(user).ready()
        self.fields["question"].queryset = (offered | Question.objects.filter(pk__in=kept)).with_texts()
        self.kept = kept
        self.version = kept.get(self.initial.get("question", 0))  # shown beside the question
        if self.version is None or self.version.pk == self.version.question.current_version_id:
            del self.fields["renew"]

    @property
    def entry(self) -> tuple[QuestionVersion, Decimal]:
        """A question that is on the paper stays at its version unless a newer one is asked for."""
        question, mark = self.cleaned_data["question"], self.cleaned_data["mark"]
        kept = None if self.cleaned_data.get("renew") else self.kept.get(question.pk)
        return kept or current_version(question), mark


class BaseSlotFormSet(BaseFormSetMixin, forms.BaseFormSet):
    def get_ordering_widget(self) -> Any:  # type: ignore[override]
        return forms.NumberInput(attrs={"min": 1, "size": 4})

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["ORDER"].label = "题序"
        form.fields["ORDER"].required = False


SlotFormSet = forms.formset_factory(
    SlotForm, formset=BaseSlotFormSet, extra=1, can_order=True, can_delete=True, max_num=300
)


class PaperForm(OwnedForm):
    """`source` is the paper whose questions are shown first: the one changed, or the one copied."""

    class Meta:
        model = Paper
        fields = ("title", "organisation", "visibility", "multiple_policy")

    def __init__(self, *args: Any, source: Paper | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source = source or (self.instance if self.instance.pk else None)
        self.present: list[PaperSlot] = _slots_of(source) if source else []
        self.is_frozen = self.instance.pk is not None and rules.is_frozen(self.instance)
        self.fields["multiple_policy"].disabled = self.is_frozen
        kept = {slot.version.question_id: slot.version for slot in self.present}
        self.slots = SlotFormSet(
            self.data if self.is_bound and not self.is_frozen else None,
            prefix="slots",
            initial=[{"question": slot.version.question_id, "mark": slot.mark} for slot in self.present],
            form_kwargs={"user": self.user, "kept": kept},
        )

    @property
    def media(self) -> forms.Media:
        return super().media + self.slots.media

    def is_valid(self) -> bool:
        is_valid = super().is_valid()
        return is_valid if self.is_frozen else self.slots.is_valid() and is_valid

    def save(self, commit: bool = True) -> Paper:
        """Raises a DomainError, which `refuse` can show."""
        if self.is_frozen:
            entries = [(slot.version, slot.mark) for slot in self.present]
        else:
            entries = [form.entry for form in self.slots.ordered_forms]
        return save_paper(self.instance, entries, by=self.user)


def _slots_of(paper: Paper) -> list[PaperSlot]:
    return list(paper.slots.select_related("version__question").order_by("position"))


def _indented(organisation: Organisation) -> str:
    return "　" * (organisation.depth - 1) + organisation.name
