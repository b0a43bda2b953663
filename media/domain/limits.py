"""What a file may be at most. Imports nothing, because the child process that reads hostile files starts with it."""

# Without this whitelist a playlist named .mp4 makes ffmpeg read other people's files (docs/decisions/0006).
CONTAINERS = ("mov", "matroska", "avi", "mpegts", "mpeg", "flv", "asf", "mp3", "wav", "flac")
DEMUXERS = ",".join(CONTAINERS)
MAX_PIXELS = 9_437_184
MAX_SECONDS = 4 * 3600
