"""Exposure as a study: how much of what was sent or received met which labels."""
