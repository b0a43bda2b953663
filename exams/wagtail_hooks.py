"""Wagtail admin: the section 题库与试卷 with banks, questions and papers, and the windows that choose among them."""

from typing import Any

import django_filters
from django.db import models
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.base import ViewSet, ViewSetGroup
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permissions import register_permission_policy

from exams.enums import Difficulty, QuestionKind
from exams.forms.papers import BankForm, PaperForm
from exams.forms.questions import QuestionForm
from exams.models import Bank, Paper, Question
from exams.rules import AuthoredPolicy
from exams.views import authoring
from exams.views.choosing import PaperChooserViewSet, QuestionChooserViewSet
from school.people.models import SignedInRequest

for authored in (Bank, Question, Paper):
    register_permission_policy(authored, AuthoredPolicy(authored))


class AuthoredViewSet(ModelViewSet):
    """Only pages that are scoped: nothing is deleted, and the history is that of versions and of the audit trail."""

    page_names = frozenset({"index", "index_results", "add", "edit", "inspect"})
    absent_pages = ("delete_url_name", "history_url_name", "usage_url_name")
    form_class: type
    add_view_class = authoring.AuthoredCreate
    edit_view_class = authoring.AuthoredEdit
    inspect_view_class = authoring.AuthoredInspect
    index_view_class = authoring.AuthoredIndex
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False

    def get_form_class(self, for_update: bool = False) -> type:
        return self.form_class

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_common_view_kwargs(**kwargs), **dict.fromkeys(self.absent_pages)}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.page_names]


class BankViewSet(AuthoredViewSet):
    model = Bank
    name = "exam_bank"
    url_prefix = "exams/banks"
    icon = "folder-inverse"
    form_class = BankForm
    inspect_view_fields = ["code", "name", "organisation", "visibility"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        columns = ["name", "code", Column("organisation", label="所属组织"), "visibility"]
        rows = Bank.objects.select_related("organisation")
        return super().get_index_view_kwargs(
            **{"list_display": columns, "search_fields": ["name", "code"], "queryset": rows, **kwargs}
        )


def banks_for(request: SignedInRequest) -> models.QuerySet:
    return Bank.objects.visible_to(request.user)


class QuestionFilters(WagtailFilterSet):
    bank = django_filters.ModelChoiceFilter(label="题库", queryset=banks_for, empty_label="全部题库")
    kind = django_filters.ChoiceFilter(label="题型", choices=QuestionKind.choices, empty_label="全部题型")
    difficulty = django_filters.ChoiceFilter(
        label="难度", field_name="current_version__difficulty", choices=Difficulty.choices, empty_label="全部难度"
    )

    class Meta:
        model = Question
        fields = ["bank", "kind"]


class QuestionViewSet(AuthoredViewSet):
    model = Question
    name = "exam_question"
    url_prefix = "exams/questions"
    icon = "help"
    form_class = QuestionForm
    index_view_class = authoring.QuestionIndex
    add_view_class = authoring.QuestionCreate
    edit_view_class = authoring.QuestionEdit
    inspect_view_class = authoring.QuestionInspect
    edit_template_name = "exams/admin/question_edit.html"
    inspect_template_name = "exams/admin/question_inspect.html"
    inspect_view_fields = ["bank", "code", "kind", "category"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        columns = [
            "__str__",
            Column("bank", label="题库", sort_key="bank__name"),
            "kind",
            Column("difficulty", label="难度", accessor="current_version.get_difficulty_display"),
            Column("version", label="版本", accessor="current_version.number"),
        ]
        searched = ["code", "current_version__stem"]
        return super().get_index_view_kwargs(
            **{"list_display": columns, "search_fields": searched, "filterset_class": QuestionFilters, **kwargs}
        )


class PaperViewSet(AuthoredViewSet):
    model = Paper
    name = "exam_paper"
    url_prefix = "exams/papers"
    icon = "list-ol"
    form_class = PaperForm
    index_view_class = authoring.PaperIndex
    edit_view_class = authoring.PaperEdit
    inspect_view_class = authoring.PaperInspect
    copy_view_class = authoring.PaperCopy
    copy_view_enabled = True
    page_names = AuthoredViewSet.page_names | {"copy"}
    create_template_name = edit_template_name = "exams/admin/paper_form.html"
    inspect_template_name = "exams/admin/paper_inspect.html"
    inspect_view_fields = ["title", "organisation", "visibility", "multiple_policy"]

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        columns = ["title", Column("organisation", label="所属组织"), "multiple_policy"]
        totals = [Column("size", label="题数"), Column("full_mark", label="满分")]
        return super().get_index_view_kwargs(
            **{"list_display": [*columns, *totals], "search_fields": ["title"], **kwargs}
        )


class QuestionsAndPapers(ViewSetGroup):
    menu_label = "题库与试卷"
    menu_icon = "clipboard-list"
    menu_name = "exams"
    menu_order = 320
    items = (QuestionViewSet("exam_question"), PaperViewSet("exam_paper"), BankViewSet("exam_bank"))


@hooks.register("register_admin_viewset")
def viewsets() -> list[ViewSet | ViewSetGroup]:
    return [
        QuestionsAndPapers(),
        QuestionChooserViewSet("exam_question_chooser", url_prefix="exams/choose-question"),
        PaperChooserViewSet("exam_paper_chooser", url_prefix="exams/choose-paper"),
    ]
