"""Self-validation of the reading of disks: stated assertions, tried on reference images.

The images and what an independent tool found on them come with Kancil (`reference/SOURCES.md`);
they are read as any exhibit is, by `evidence.triage`. Nothing is recorded.
"""
