"""Addresses of exams."""

from django.urls import path

from exams import views

app_name = "exams"
urlpatterns = [
    path("", views.exam_list, name="list"),
    path("<int:exam_id>/sit/", views.sit, name="sit"),
    path("attempts/<int:attempt_id>/", views.result, name="result"),
]
