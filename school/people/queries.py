"""Lists of members and imports, always within what the asking person may see."""

from django.db.models import Q, QuerySet

from school.people.models import Membership, Organisation, RosterImport, User


def members(user: User, *, organisation: Organisation | None = None, words: str = "", kind: str = "") -> QuerySet:
    """Present primary memberships that the person may see, narrowed by subtree, name or staff number, and kind."""
    rows = Membership.objects.visible_to(user).current().filter(is_primary=True)
    if organisation:
        rows = rows.below([organisation.path])
    if kind:
        rows = rows.filter(kind=kind)
    if words:
        rows = rows.filter(Q(user__name__icontains=words) | Q(user__staff_no__istartswith=words))
    return rows.select_related("user", "organisation").order_by("organisation__path", "user__staff_no", "pk")


def roster_imports(user: User) -> QuerySet:
    """Past imports that the person may see, newest first, without their lists of refused cells."""
    return RosterImport.objects.visible_to(user).select_related("organisation", "uploaded_by").defer("errors")
