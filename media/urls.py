"""Addresses below /media/. Whatever stands below SIGNED is checked by views.addresses before its view runs."""

from django.urls import path

from media import views
from media.views import verified_video

# deploy/nginx/ knows this shape: files are answered by nginx, captions and chapters by Django.
SIGNED = "v/<int:expires>/<str:signature>/<uuid:key>/<int:generation>"

app_name = "media"
urlpatterns = [
    path("images/<int:image_id>/download/", views.download_picture, name="download_picture"),
    path(f"{SIGNED}/captions/<str:language>.vtt", verified_video(views.captions_vtt), name="captions"),
    path(f"{SIGNED}/chapters.vtt", verified_video(views.chapters_vtt), name="chapters"),
    path(f"{SIGNED}/<path:name>", views.play, name="play"),
]
