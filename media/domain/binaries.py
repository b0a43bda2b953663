"""Which ffmpeg runs: the one named by FFMPEG_BINARY, or the one inside the imageio-ffmpeg package."""

import imageio_ffmpeg
from django.conf import settings

# Without this whitelist a playlist named .mp4 makes ffmpeg read other people's files (docs/decisions/0006).
DEMUXERS = "mov,matroska,avi,mpegts,mpeg,flv,asf"
MAX_PIXELS = 9_437_184


def ffmpeg() -> str:
    return settings.FFMPEG_BINARY or str(imageio_ffmpeg.get_ffmpeg_exe())
