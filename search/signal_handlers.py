"""Publishing, unpublishing, moving and deleting pages change what can be found."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from search.domain.indexing import queue_refresh, remove
from search.registry import source_for


@receiver([page_published, page_unpublished])
def refresh_page(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    if source := source_for(sender):
        queue_refresh(source.kind, instance.pk)


@receiver([post_page_move, page_slug_changed])
def refresh_moved(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Addresses change for the page and everything below it."""
    for page in Page.objects.descendant_of(instance, inclusive=True).live().specific():
        if source := source_for(type(page)):
            queue_refresh(source.kind, page.pk)


@receiver(post_delete)
def forget_deleted(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    if source := source_for(sender):
        remove(source.kind, str(instance.pk))
