"""Attendance at the door: the sealed list that a device holds, and the marks that it sends."""
