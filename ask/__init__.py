"""The command line: the outermost edge. It may import every room; no room imports it."""
