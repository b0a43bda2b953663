"""What every caption format promises: to claim a text, to read its cues with the faults it met, and to write cues."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<[\d:.]+>")
OVERRIDE = re.compile(r"\{\\[^{}]*\}")


@dataclass(frozen=True)
class Line:
    """One cue as written in a file: times in milliseconds, text as members read it, `row` counted from 1."""

    start_ms: int
    end_ms: int
    text: str
    row: int = 0


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken and what to do about it."""

    row: int
    message: str

    def __str__(self) -> str:
        return f"第 {self.row} 行：{self.message}" if self.row else self.message


@dataclass
class Reading:
    """The cues of a file; `faults` forbid to keep them, `notices` are told beside the result."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


class CaptionFormat(ABC):
    """A format of caption files. `code` is the file's suffix without the dot."""

    code: str
    label: str
    content_type: str

    @abstractmethod
    def claims(self, text: str) -> bool:
        """Does this text look like the format?"""

    @abstractmethod
    def read(self, rows: list[str]) -> Reading:
        """The cues of a file's lines. Never raises: what cannot be read becomes a fault with its row."""

    def write(self, lines: Iterable[Line]) -> str:
        """The file with these cues. Only for formats that are offered for download."""
        raise TypeError(f"{self.code} is read only")


def tidy(text: str) -> str:
    """Without control characters, without blanks at the edges of lines, without empty lines."""
    plain = "".join(sign for sign in text if sign == "\n" or not _is_control(sign))
    return "\n".join(line for part in plain.split("\n") if (line := part.strip()))


def without_tags(text: str) -> str:
    """Without HTML tags, karaoke times and ASS overrides. What stands between them stays, `3 < 5` too."""
    return OVERRIDE.sub("", TAG.sub("", text))


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") or sign in "\ufeff\u2028\u2029"
