"""The navigation of every page, by what the signed-in person may do."""

from typing import Any

from django.http import HttpRequest

from school.people.enums import OVERSIGHT_ROLES, ROSTER_ROLES, TRAINING_ROLES

MAIN = [
    ("/", "学习首页", "house"),
    ("/courses/", "课程", "circle-play"),
    ("/exams/", "考试", "clipboard-check"),
    ("/library/regulations/", "制度规范库", "scroll-text"),
    ("/library/experiences/", "典型经验库", "lightbulb"),
]
PHONE = [
    ("/", "首页", "house"),
    ("/courses/", "课程", "circle-play"),
    ("/exams/", "考试", "clipboard-check"),
    ("/library/", "资料库", "scroll-text"),
    ("/me/", "我的", "user"),
]
WORKBENCH = ("/workbench/", "工作台", "layout-dashboard")


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Main and phone navigation; the workbench is shown to those who have one."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    main, phone = list(MAIN), list(PHONE)
    if user.scope.has_role(*OVERSIGHT_ROLES, *ROSTER_ROLES, *TRAINING_ROLES):
        main.append(WORKBENCH)
        phone.insert(-1, WORKBENCH)
    if user.has_perm("wagtailadmin.access_admin"):
        main.append(("/admin/", "内容管理", "pencil"))
    return {
        "main_navigation": [_item(entry, request.path) for entry in main],
        "phone_navigation": [_item(entry, request.path) for entry in phone],
    }


def _item(entry: tuple[str, str, str], path: str) -> dict[str, Any]:
    url, label, icon = entry
    current = path == "/" if url == "/" else path.startswith(url)
    return {"url": url, "label": label, "icon": icon, "current": current}
