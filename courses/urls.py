"""Addresses of tasks and assignments; lessons themselves are Wagtail pages below /courses/."""

from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("tasks/", views.tasks, name="tasks"),
    path("assign/", views.assign, name="assign"),
    path("assignments/<int:assignment_id>/", views.assignment, name="assignment"),
]
