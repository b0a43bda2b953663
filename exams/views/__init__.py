"""Pages of candidates (sittings), and the pages in Wagtail's admin where questions and papers are written."""
