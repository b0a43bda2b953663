"""Which ffmpeg runs: the one named by FFMPEG_BINARY, or the one inside the imageio-ffmpeg package."""

import imageio_ffmpeg
from django.conf import settings


def ffmpeg() -> str:
    return settings.FFMPEG_BINARY or str(imageio_ffmpeg.get_ffmpeg_exe())
