"""Fills a school of its own for the test of nginx: run as a module with the settings of production.

Prints, as JSON, the cookies of two members and the addresses of a film, a document and a picture.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from wagtail.images.tests.utils import get_test_image_file  # noqa: E402

from media.domain.binaries import ffmpeg  # noqa: E402
from media.domain.playback import playback_for  # noqa: E402
from media.domain.runs import transcode_video  # noqa: E402
from media.domain.signatures import Permit, member_value  # noqa: E402
from media.models import CaptionTrack, Cue, Document, Image, Video  # noqa: E402
from school.people.models import User  # noqa: E402
from tests.factories import make_member  # noqa: E402


def transcoded() -> Video:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.mp4"
        sources = ["-f", "lavfi", "-i", "testsrc=s=320x180:r=10:d=2", "-f", "lavfi", "-i", "sine=d=2"]
        subprocess.run([ffmpeg(), "-loglevel", "error", *sources, "-pix_fmt", "yuv420p", str(path)], check=True)
        video = Video(title="片子", type="video", duration=0)
        video.file.save("clip.mp4", ContentFile(path.read_bytes()), save=False)
        video.save()
    video.refresh_from_db()
    transcode_video(video.pk, video.request)
    video.refresh_from_db()
    assert video.is_ready, video.error
    track = CaptionTrack.objects.create(video=video, language="zh-Hans")
    Cue.objects.create(track=track, start_ms=0, end_ms=1000, text="听党话")
    return video


def cookies_of(member: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(member.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = member.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; playback={member_value(member)}"


def filled() -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    video, member, other = transcoded(), make_member(), make_member()
    playback = playback_for(video, member)
    expired = Permit(1, video.key, video.generation, member_value(member))
    document = Document(title="通知")
    document.file.save("通知.txt", ContentFile("请按时学习".encode()), save=True)
    image = Image.objects.create(title="图", file=get_test_image_file(size=(90, 60)))
    return {
        "member": cookies_of(member),
        "other": cookies_of(other),
        "manifest": playback.manifest_url,
        "captions": playback.captions[0].url,
        "expired": f"/media/v/1/{expired.signature}/{video.key}/{video.generation}/master.m3u8",
        "rung": video.rungs[0],
        "document": document.url,
        "document_name": document.file.name,
        "picture": image.get_rendition("width-50").url,
        "original": image.file.name,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(filled()))
