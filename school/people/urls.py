"""Addresses of signing in and of one's account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from school.people import views

app_name = "people"
urlpatterns = [
    path("login/", views.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("me/password/", views.change_password, name="password"),
]
