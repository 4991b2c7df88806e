"""Prose: a local model drafts sentences from the quotes, and each is checked against the quotes that it cites."""
