"""Addresses of exams."""

from django.urls import path

from exams.views import sittings

app_name = "exams"
urlpatterns = [
    path("", sittings.exam_list, name="list"),
    path("<int:exam_id>/sit/", sittings.sit, name="sit"),
    path("attempts/<int:attempt_id>/", sittings.result, name="result"),
]
