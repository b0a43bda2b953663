"""Addresses of tasks and assignments; lessons themselves are Wagtail pages below /courses/."""

from django.urls import path

from courses import views

app_name = "courses"
urlpatterns = [
    path("pages/<str:token>/<int:number>/<int:width>.webp", views.document_page, name="document_page"),
    path("watching/", views.watching, name="watching"),
    path("watching/signals.xlsx", views.watching_export, name="watching_export"),
    path("watching/members/<int:member_id>/", views.watching_member, name="watching_member"),
    path("watching/sessions/<uuid:session_id>/", views.watching_session, name="watching_session"),
    path("tasks/", views.tasks, name="tasks"),
    path("assign/", views.assign, name="assign"),
    path("assignments/<int:assignment_id>/", views.assignment, name="assignment"),
]
