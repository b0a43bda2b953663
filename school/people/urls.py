"""Addresses of signing in, of one's account, and of the rosters and members of an organisation."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from school.people import views

app_name = "people"
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("me/password/", views.change_password, name="password"),
    path("workbench/rosters/", views.rosters, name="rosters"),
    path("workbench/rosters/template.xlsx", views.roster_template, name="roster_template"),
    path("workbench/rosters/<int:roster_id>/", views.roster, name="roster"),
    path("workbench/rosters/<int:roster_id>/passwords.csv", views.roster_passwords, name="roster_passwords"),
    path("workbench/members/", views.members, name="members"),
]
