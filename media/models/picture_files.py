"""The file field of images: whatever way a picture comes in, it is written anew before it is stored."""

from typing import Any

from django.core.files.base import File
from wagtail.images.models import WagtailImageField, WagtailImageFieldFile

from media.domain.pictures import clean_picture, digest_of


class PictureFile(WagtailImageFieldFile):
    def save(self, name: str, content: File[Any], save: bool = True) -> None:
        """Store the clean picture. Raises InvalidInput, with nothing stored, for what is no picture."""
        clean = clean_picture(name, content)
        self.instance.file_size, self.instance.file_hash = clean.size, digest_of(clean)
        super().save(clean.name, clean, save)


class PictureField(WagtailImageField):
    attr_class = PictureFile
