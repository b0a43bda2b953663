"""The typeface of everything we draw: Noto Sans SC, installed with the front end (package.json)."""

from functools import lru_cache

from django.conf import settings
from PIL import ImageFont

FOLDER = "node_modules/@expo-google-fonts/noto-sans-sc"
REGULAR, MEDIUM, BOLD = "400Regular", "500Medium", "700Bold"


@lru_cache(maxsize=64)
def typeface(weight: str, size: int) -> ImageFont.FreeTypeFont:
    """Noto Sans SC with `size` pixels to the em. Raises OSError where the front end is not installed."""
    return ImageFont.truetype(settings.BASE_DIR / FOLDER / weight / f"NotoSansSC_{weight}.ttf", size)
