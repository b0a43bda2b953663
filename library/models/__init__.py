"""The regulation library and the experience library."""

from library.models.experiences import ExperienceIndexPage, ExperiencePage
from library.models.indexes import LibraryPage
from library.models.regulations import RegulationArticle, RegulationIndexPage, RegulationPage

__all__ = [
    "ExperienceIndexPage",
    "ExperiencePage",
    "LibraryPage",
    "RegulationArticle",
    "RegulationIndexPage",
    "RegulationPage",
]
