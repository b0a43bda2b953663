"""The windows in which a question is chosen for a paper, and a paper for a lesson: visible rows only."""

from typing import Any

from django import forms
from django.db import models
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser
from wagtail.admin.viewsets.chooser import ChooserViewSet

from exams.enums import QuestionKind
from exams.forms.papers import QuestionChooser
from exams.models import Bank, Question

MAX_DIGITS = 18  # what a bigint surely holds
FILTER = {"data-chooser-modal-search-filter": True}


class SearchForm(BaseFilterForm):
    """One search word, looked for in `fields`."""

    q = forms.CharField(label="搜索", required=False, widget=forms.TextInput(attrs={"placeholder": "搜索"}))
    fields_searched: tuple[str, ...] = ("title",)

    def filter(self, objects: models.QuerySet) -> models.QuerySet:
        objects = super().filter(objects)
        if word := self.cleaned_data.get("q"):
            self.is_searching, self.search_query = True, word
            condition = models.Q()
            for field in self.fields_searched:
                condition |= models.Q(**{f"{field}__icontains": word})
            objects = objects.filter(condition)
        return objects


class QuestionSearchForm(SearchForm):
    fields_searched = ("code", "current_version__stem")
    bank = forms.ModelChoiceField(
        label="题库", queryset=Bank.objects.none(), required=False, widget=forms.Select(attrs=FILTER)
    )
    kind = forms.ChoiceField(
        label="题型",
        choices=[("", "全部题型"), *QuestionKind.choices],
        required=False,
        widget=forms.Select(attrs=FILTER),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = Bank.objects.visible_to(user)
        self.fields["bank"].empty_label = "全部题库"

    def filter(self, objects: models.QuerySet) -> models.QuerySet:
        objects = super().filter(objects)
        chosen = {name: value for name in ("bank", "kind") if (value := self.cleaned_data.get(name))}
        return objects.filter(**chosen)


class VisibleList:
    """Mixed into the views that list."""

    filter_form_class = SearchForm

    def get_object_list(self) -> models.QuerySet:
        rows: models.QuerySet = self.model_class.objects.visible_to(self.request.user)
        return rows


class VisibleChosen:
    """Mixed into the views that answer with the chosen rows."""

    def get_object(self, pk: Any) -> Any:
        return self.get_objects([pk]).get()

    def get_objects(self, pks: list[Any]) -> models.QuerySet:
        """Of what came in the address, only what can be a number of a row."""
        numbers = [int(pk) for pk in map(str, pks) if pk.isdecimal() and len(pk) <= MAX_DIGITS]
        rows: models.QuerySet = self.model_class.objects.visible_to(self.request.user).filter(pk__in=numbers)
        return rows


class VisibleChoose(VisibleList, chooser.ChooseView):
    pass


class VisibleResults(VisibleList, chooser.ChooseResultsView):
    pass


class ChosenOne(VisibleChosen, chooser.ChosenView):
    pass


class ChosenMany(VisibleChosen, chooser.ChosenMultipleView):
    pass


class QuestionList(VisibleList):
    filter_form_class = QuestionSearchForm

    def get_object_list(self) -> models.QuerySet:
        return super().get_object_list().ready().with_texts()

    def get_filter_form(self) -> BaseFilterForm:
        return QuestionSearchForm(self.request.GET, user=self.request.user)

    @property
    def columns(self) -> list[Column]:
        return [
            self.title_column,
            Column("bank", label="题库", accessor="bank"),
            Column("kind", label="题型", accessor="get_kind_display"),
        ]


class QuestionChoose(QuestionList, chooser.ChooseView):
    pass


class QuestionResults(QuestionList, chooser.ChooseResultsView):
    pass


class VisibleChooserViewSet(ChooserViewSet):
    choose_view_class = VisibleChoose
    choose_results_view_class = VisibleResults
    chosen_view_class = ChosenOne
    chosen_multiple_view_class = ChosenMany
    per_page = 20


class PaperChooserViewSet(VisibleChooserViewSet):
    model = "exams.Paper"
    icon = "list-ol"
    choose_one_text = "选择试卷"
    choose_another_text = "换一份试卷"
    edit_item_text = "修改试卷"


class QuestionChooserViewSet(VisibleChooserViewSet):
    model = Question
    icon = QuestionChooser.icon
    choose_one_text = QuestionChooser.choose_one_text
    choose_another_text = QuestionChooser.choose_another_text
    edit_item_text = QuestionChooser.link_to_chosen_text
    choose_view_class = QuestionChoose
    choose_results_view_class = QuestionResults
    base_widget_class = QuestionChooser
