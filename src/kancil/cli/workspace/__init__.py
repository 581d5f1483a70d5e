"""Commands for an installation itself: begun, served, backed up, restored, upgraded, its jobs."""
