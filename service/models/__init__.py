"""Models from elsewhere: the presets, their files on disk, and how these get there. Nothing is fetched unless asked."""
