"""Tests: questions in GIFT, sittings marked, how hard each question is, what was gained."""
