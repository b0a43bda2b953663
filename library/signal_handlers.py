"""A rule that replaces another ends it: the older one's entry in the search is brought up to date with it."""

from typing import Any

from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished

from library.models import RegulationPage
from search.domain.indexing import queue_refresh


@receiver([page_published, page_unpublished], sender=RegulationPage)
def refresh_replaced(sender: type[RegulationPage], instance: RegulationPage, **kwargs: Any) -> None:
    """Also what an earlier revision replaced, which is in force again if this one names another."""
    named = set(instance.revisions.values_list("content__replaces", flat=True)) | {instance.replaces_id}
    for replaced in named - {None}:
        queue_refresh("regulation", replaced)
