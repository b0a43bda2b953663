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
    ("/notices/", "通知", "bell"),
    ("/me/", "我的", "user"),
]


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Main and phone navigation; the workbench is shown to those who have one."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    main = list(MAIN)
    if user.scope.has_role(*OVERSIGHT_ROLES, *ROSTER_ROLES, *TRAINING_ROLES):
        main.append(("/workbench/", "工作台", "layout-dashboard"))
    if user.has_perm("wagtailadmin.access_admin"):
        main.append(("/admin/", "内容管理", "pencil"))
    return {
        "main_navigation": [_item(entry, request.path) for entry in main],
        "phone_navigation": [_item(entry, request.path) for entry in PHONE],
    }


def _item(entry: tuple[str, str, str], path: str) -> dict[str, Any]:
    url, label, icon = entry
    current = path == "/" if url == "/" else path.startswith(url)
    return {"url": url, "label": label, "icon": icon, "current": current}
