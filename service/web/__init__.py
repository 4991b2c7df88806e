"""The HTTP edge: routes, problems, what is let in, the page."""
