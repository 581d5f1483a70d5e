"""Registrations for an activity that come as files, and the form that makes such files."""
