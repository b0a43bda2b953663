"""Kinds of caption files: each format reads the text of a file and writes cues."""
