"""Recipes that made the bundled embedder; each module is one noun or one arrow (see README.md)."""
