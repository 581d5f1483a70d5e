"""Errors of the training craft."""

from __future__ import annotations
