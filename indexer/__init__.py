"""From a file to an open, searchable index: read, clean, split, embed, analyse, keep on disk."""
