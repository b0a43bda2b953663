"""What the search finds in the libraries: every article by itself, every part of an experience entry."""

from typing import Any

from library.models import ExperiencePage, RegulationPage
from search.registry import Entry, Passage, SearchSource, split_text


class RegulationSource(SearchSource):
    kind, label, icon = "regulation", "制度", "scroll-text"
    model = RegulationPage

    def objects(self) -> Any:
        return RegulationPage.objects.live().select_related("organisation")

    def entry(self, item: RegulationPage) -> Entry:
        passages = [Passage(item.summary, "内容提要")]
        for article in item.articles.all():
            passages += split_text(article.text, heading=article.number, locator=article.anchor)
        notes = [item.issuers, item.doc_number]
        return Entry(
            title=item.title,
            url=item.url or "",
            passages=passages,
            aliases=f"{item.short_title}\n{item.doc_number}\n{item.keywords}",
            note=" · ".join(note for note in notes if note),
            organisation_id=item.organisation_id,
            visibility=item.visibility,
            valid_from=item.effective_on,
            valid_to=item.ends_on,
            published_at=item.first_published_at,
        )


class ExperienceSource(SearchSource):
    kind, label, icon = "experience", "典型经验", "lightbulb"
    model = ExperiencePage

    def objects(self) -> Any:
        return ExperiencePage.objects.live().select_related("organisation")

    def entry(self, item: ExperiencePage) -> Entry:
        passages = [Passage(item.summary, "摘要")]
        for anchor, heading, text in item.sections:
            passages += split_text(text, heading=heading, locator=anchor)
        return Entry(
            title=item.title,
            url=item.url or "",
            passages=passages,
            aliases=f"{item.labels}\n{item.entry_no}",
            note=item.organisation.name if item.organisation else "",
            organisation_id=item.organisation_id,
            visibility=item.visibility,
            published_at=item.first_published_at,
        )
