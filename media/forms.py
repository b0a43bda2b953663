"""The forms in which videos and pictures are uploaded, as a whole or in parts, and the choices that go with it."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.html import format_html
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm
from wagtail.models import Collection
from wagtailmedia.forms import BaseMediaForm

from media import rules
from media.domain.additions import describe, digest_of
from media.domain.checking import check_film
from media.domain.pictures import check_picture, clean_picture
from media.domain.scanning import scan
from media.domain.subtitles import MAX_BYTES
from media.domain.uploads import Wanted
from media.enums import Language
from media.models import Video
from media.queries import twin_of
from school.kernel.errors import InvalidInput
from school.people.models import Organisation, User

LARGE_FILES = '文件较大或网络不稳时，请用<a href="{}" target="_blank">分段上传</a>，断了可以接着传。'
HEX = r"[0-9a-f]{64}"
PICTURE_NAME = re.compile(r".*\.(jpe?g|png|gif|webp|avif|heic|bmp|svg)", re.IGNORECASE)


class VideoUploadForm(BaseMediaForm):
    """Probes a new file in the limited child process; duration and size of the picture come from the probe.

    So an unusable file is refused at once, not hours later by the transcoding.
    """

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.user = user
        if "file" in self.fields:
            self.fields["file"].help_text = format_html(LARGE_FILES, reverse("media_upload"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not isinstance(file, UploadedFile):
            return file  # the form was saved without a new file
        try:
            with _on_disk(file) as path:
                self._take_over(path)
        except InvalidInput as refused:
            raise ValidationError(refused.message, code=refused.code) from refused
        return file

    def _take_over(self, path: Path) -> None:
        """Checks the file and writes what is known of it into the row. InvalidInput for one that is not to be kept."""
        digest = digest_of(path)
        twin = twin_of(digest, self.user, self.instance if self.instance.pk else None) if self.user else None
        if twin:
            raise InvalidInput(f"这个文件已在库中：《{twin.title}》，不必重复上传。", code="duplicate")
        describe(self.instance, check_film(path))
        self.instance.sha256, self.instance.size = digest, path.stat().st_size

    def _post_clean(self) -> None:
        """The model asks the file for its extension even when there is none left: one fault, one message."""
        is_refused = "file" in self.errors
        super()._post_clean()
        if is_refused:
            self.errors.pop(NON_FIELD_ERRORS, None)


class DocumentForm(BaseDocumentForm):
    """A new document passes the virus scanner, where one is set up."""

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            try:
                with _on_disk(file) as path:
                    scan(path)
            except InvalidInput as refused:
                raise ValidationError(refused.message, code=refused.code) from refused
        return file


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


class UploadForm(forms.Form):
    """What a person says of a file before its parts are sent. The page shows the first two fields."""

    collection = forms.ModelChoiceField(
        label="文件夹", queryset=Collection.objects.none(), empty_label=None, required=False
    )
    organisation = forms.ModelChoiceField(
        label="所属组织",
        queryset=Organisation.objects.none(),
        empty_label="不限（全校）",
        required=False,
        help_text="用于按组织统计存储。",
    )
    file_name = forms.CharField(max_length=1000)
    size = forms.IntegerField(min_value=0, max_value=2**62)
    title = forms.CharField(max_length=255, required=False)
    sha256 = forms.RegexField(HEX, required=False)
    fingerprint = forms.RegexField(HEX, required=False)
    replaces = forms.ModelChoiceField(queryset=Video.objects.none(), required=False)
    is_copy_wanted = forms.BooleanField(required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        collections, organisations = rules.collections_to_add_to(user), rules.organisations_to_add_for(user)
        self._choices("collection").queryset = collections
        self._choices("organisation").queryset = organisations
        self._choices("replaces").queryset = rules.videos_changed_by(user)
        if not self.is_bound:
            self.initial = {"collection": collections.first(), "organisation": organisations.first()}

    def _choices(self, name: str) -> Any:
        return self.fields[name]

    def wanted(self) -> Wanted:
        """InvalidInput, with the fault of each field, when something is amiss."""
        if not self.is_valid():
            fields = {name: str(faults[0]) for name, faults in self.errors.items()}
            raise InvalidInput(next(iter(fields.values())), fields=fields)
        video: Video | None = self.cleaned_data["replaces"]
        collection = video.collection if video else self.cleaned_data["collection"]
        if collection is None:
            raise InvalidInput("请选择文件夹。", fields={"collection": "请选择文件夹。"})
        organisation: Organisation | None = self.cleaned_data["organisation"]
        return Wanted(**{**self.cleaned_data, "collection": collection, "organisation": organisation})


class PictureUploadField(WagtailImageField):
    """Looks at the header before anything is decoded, so that a bomb is refused at the cost of reading it."""

    def to_python(self, data: Any) -> Any:
        if isinstance(data, UploadedFile):
            try:
                check_picture(data)
                data.seek(0)
                clean_picture(data.name or "", data)
            except InvalidInput as refused:
                raise ValidationError(refused.message, code=refused.code) from refused
            data.seek(0)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    """A picture says in words what it shows, or that it only decorates."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if stock := self.fields.get("file"):
            self.fields["file"] = PictureUploadField(label=stock.label, widget=stock.widget, required=stock.required)
            self.fields[
                "file"
            ].help_text = "支持 JPG、PNG、WebP、GIF、AVIF，最大 10 MB；动图只保留第一帧。拍摄地点等附带信息会自动去除。"
        if "description" in self.fields:
            self.fields["description"].label = "图注"
            self.fields["description"].help_text = "可不填。显示在图片下方，如来源、拍摄时间。"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        alt = cleaned.get("alt_text", "").strip()
        if "alt_text" not in self.fields or "alt_text" in self.errors or cleaned.get("is_decorative"):
            return cleaned
        if not alt:
            self.add_error("alt_text", "请写替代文字：用一句话说出图上有什么；只起装饰作用的请勾选“装饰图片”。")
        elif PICTURE_NAME.fullmatch(alt):
            self.add_error("alt_text", "替代文字不能用文件名，请用一句话说出图上有什么。")
        return {**cleaned, "alt_text": alt}


class CaptionForm(forms.Form):
    """A caption file for one language; an existing track is replaced only by intention."""

    language = forms.ChoiceField(label="语言", choices=Language.choices)
    file = forms.FileField(label="字幕文件", help_text="SRT、VTT、ASS 或 SSA，最大 2 MB。常见中文编码都能识别。")
    replaces = forms.BooleanField(label="替换这个语言已有的字幕", required=False)

    def __init__(self, *args: Any, video: Video, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.video = video

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        language = cleaned.get("language")
        if language and not cleaned.get("replaces") and self.video.captions.filter(language=language).exists():
            self.add_error("replaces", "这个语言已有字幕。要用新文件替换，请勾选这一项。")
        return cleaned

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError("字幕文件超过 2 MB。请确认选对了文件；一堂课的字幕通常只有几十 KB。")
        return file
