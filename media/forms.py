"""The form in which a video is uploaded: an unusable file is refused at once, not hours later by the transcoding."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from wagtailmedia.forms import BaseMediaForm

from media.domain.completeness import check_complete
from media.domain.probing import probe
from school.kernel.errors import InvalidInput


class VideoUploadForm(BaseMediaForm):
    """Probes a new file in the limited child process; duration and size of the picture come from the probe."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the form was saved without a new file
        with _on_disk(file) as path:
            try:
                found = probe(path)
                check_complete(path)
            except InvalidInput as refused:
                raise ValidationError(refused.message, code=refused.code) from refused
        self.instance.duration = found.duration
        self.instance.width, self.instance.height = found.width, found.height
        return file

    def _post_clean(self) -> None:
        """The model asks the file for its extension even when there is none left: one fault, one message."""
        is_refused = "file" in self.errors
        super()._post_clean()
        if is_refused:
            self.errors.pop(NON_FIELD_ERRORS, None)


@contextmanager
def _on_disk(file: UploadedFile) -> Iterator[Path]:
    """A path to the upload: large ones are on disk already, small ones are written out for the while."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(prefix="upload-", suffix=Path(file.name or "").suffix[:10]) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        file.seek(0)
        yield Path(copy.name)
