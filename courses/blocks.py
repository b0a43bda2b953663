"""Blocks of a lesson's text."""

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock


class KeyPointsBlock(blocks.StructBlock):
    """要点：a short list to remember."""

    title = blocks.CharBlock(label="标题", default="学习要点")
    points = blocks.ListBlock(blocks.CharBlock(label="要点"), label="要点", min_num=1)

    class Meta:
        label, icon, template = "学习要点", "list-ul", "courses/blocks/key_points.html"


class QuoteBlock(blocks.StructBlock):
    """引文：words of a regulation with their source."""

    text = blocks.TextBlock(label="引文")
    source = blocks.CharBlock(label="出处")

    class Meta:
        label, icon, template = "制度引文", "openquote", "courses/blocks/quote.html"


class CaseBlock(blocks.StructBlock):
    """案例：a story from a branch."""

    title = blocks.CharBlock(label="标题")
    text = blocks.TextBlock(label="内容")

    class Meta:
        label, icon, template = "案例", "group", "courses/blocks/case.html"


class RequiredReadingBlock(blocks.StructBlock):
    """必读文件：a PDF that is read here page by page; its least time counts towards completion."""

    document = DocumentChooserBlock(label="PDF 文件")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if cleaned["document"].file_extension.lower() != "pdf":
            message = "必读文件要能逐页显示，请另存为 PDF 后上传；其他格式请用“附件”。"
            raise blocks.StructBlockValidationError({"document": ValidationError(message)})
        return cleaned

    class Meta:
        label, icon, template = "必读文件", "doc-full", "courses/blocks/reading.html"


LESSON_BLOCKS = [
    ("heading", blocks.CharBlock(label="小标题", icon="title", template="courses/blocks/heading.html")),
    ("paragraph", blocks.RichTextBlock(label="正文", icon="pilcrow", features=["bold", "italic", "ol", "ul", "link"])),
    ("key_points", KeyPointsBlock()),
    ("quote", QuoteBlock()),
    ("case", CaseBlock()),
    ("question", blocks.TextBlock(label="思考题", icon="help", template="courses/blocks/question.html")),
    ("image", ImageBlock(label="图片", template="courses/blocks/image.html")),
    ("document", DocumentChooserBlock(label="附件", template="courses/blocks/document.html")),
    ("reading", RequiredReadingBlock()),
]
