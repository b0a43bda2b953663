"""One index over all content, on bigrams. It knows no content type: content registers itself."""
