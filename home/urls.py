"""Addresses of the workbench; the portal itself is the root page."""

from django.urls import path

from home import views

app_name = "home"
urlpatterns = [path("workbench/", views.workbench, name="workbench")]
