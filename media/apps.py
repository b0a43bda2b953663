from django.apps import AppConfig


class MediaConfig(AppConfig):
    name = "media"
    label = "media"
    verbose_name = "媒体"

    def ready(self) -> None:
        from PIL import Image

        from media import signal_handlers  # noqa: F401
        from media.domain import serving  # noqa: F401
        from media.domain.pictures import MOST_PIXELS
        from school.kernel.registry import register_periodic

        register_periodic("media.uploads", "media.domain.uploads.tend_uploads", minutes=60)
        register_periodic("media.rescue", "media.domain.rescue.rescue_stalled", minutes=1)
        register_periodic("media.pulse", "media.domain.rescue.check_pulse", minutes=1)

        Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # wherever Pillow opens something; it refuses twice as many
