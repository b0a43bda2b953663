"""Addresses of playback."""

from django.urls import path

from media import views

app_name = "media"
urlpatterns = [path("play/<str:token>/<path:name>", views.play, name="play")]
