"""Pages in Wagtail's admin that list, show, add and change banks, questions and papers.

Every page starts from the rows that the person's duties reach (`visible_to`, `changeable_by`): all else is 404.
Saving is left to the domain, whose refusals are shown in the form.
"""

from typing import Any

from django.contrib.admin.utils import quote
from django.db import models
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from wagtail.admin.views import generic

from exams import rules
from exams.forms.papers import PaperForm
from exams.kinds import KINDS
from exams.models import Paper, Question
from school.kernel.errors import DomainError


class AuthoredIndex(generic.IndexView):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().visible_to(self.request.user)

    def get_edit_url(self, instance: Any) -> str | None:
        return super().get_edit_url(instance) if rules.can_change(self.request.user, instance) else None


class AuthoredInspect(generic.InspectView):
    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(self.model.objects.visible_to(self.request.user), pk=self.pk)

    def get_edit_url(self) -> str | None:
        return super().get_edit_url() if rules.can_change(self.request.user, self.object) else None


class DomainSave:
    """Mixed into a create or edit page: the form saves through the domain on behalf of the person."""

    request: Any

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs: dict[str, Any] = super().get_form_kwargs()
        kwargs.pop("for_user", None)
        return {**kwargs, "user": self.request.user}

    def save_instance(self) -> Any:
        return self.form.save()

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            return super().form_valid(form)
        except DomainError as refused:
            form.refuse(refused)
            self.produced_error_code = refused.code
            self.produced_error_message = self.get_error_message()
            return self.form_invalid(form)


class AuthoredCreate(DomainSave, generic.CreateView):
    page_title = "新建"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *way, here = super().get_breadcrumbs_items()
        return [*way, {**here, "label": f"{self.page_title}{self.get_page_subtitle()}"}]


class AuthoredEdit(DomainSave, generic.EditView):
    def get_queryset(self) -> models.QuerySet:
        rows: models.QuerySet = self.model.objects.changeable_by(self.request.user)
        return rows


class QuestionIndex(AuthoredIndex):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().with_texts()


class QuestionCreate(AuthoredCreate):
    def get_form_kwargs(self) -> dict[str, Any]:
        """The bank of the list one came from is chosen already."""
        kwargs = super().get_form_kwargs()
        kwargs["initial"] = {**kwargs["initial"], "bank": self.request.GET.get("bank")}
        return kwargs


class QuestionEdit(AuthoredEdit):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().with_texts()

    def get_success_message(self) -> str:
        number = self.object.current_version.number
        if number == self.form.cleaned_data["based_on"]:
            return f"题目“{self.object}”的内容没有变化，仍是第 {number} 版。"
        return f"题目“{self.object}”已保存为第 {number} 版；已有试卷仍用原来的版本。"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "versions": versions_of(self.object)}


class QuestionInspect(AuthoredInspect):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "versions": versions_of(self.object)}


class PaperIndex(AuthoredIndex):
    def get_base_queryset(self) -> models.QuerySet:
        return super().get_base_queryset().select_related("organisation").with_totals()


class PaperEdit(AuthoredEdit):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "copy_url": self.get_copy_url()}


class PaperCopy(AuthoredCreate):
    """The way on from a frozen paper: a new one that starts with the same questions, versions and marks."""

    page_title = "复制"

    def get_form_kwargs(self) -> dict[str, Any]:
        source = get_object_or_404(Paper.objects.visible_to(self.request.user), pk=self.kwargs["pk"])
        kwargs = super().get_form_kwargs()
        present = {name: getattr(source, name) for name in PaperForm.base_fields}
        kwargs["initial"] = {**present, "title": f"{source.title}（副本）"[:120]}
        return {**kwargs, "source": source}

    def get_add_url(self) -> str:
        return reverse(self.copy_url_name, args=(quote(self.kwargs["pk"]),))

    copy_url_name = ""


class PaperInspect(AuthoredInspect):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        slots = self.object.slots.select_related("version__question")
        return {**super().get_context_data(**kwargs), "slots": slots, "is_frozen": rules.is_frozen(self.object)}


def versions_of(question: Question) -> list[dict[str, Any]]:
    """The history of a question, newest first, with the right options marked."""
    return [
        {
            "version": version,
            "options": KINDS[question.kind].lines(version.options, version.key, []),
        }
        for version in question.versions.select_related("created_by")
    ]
