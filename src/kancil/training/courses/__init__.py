"""Courses as data: read, checked, printed, carried as signed packs; the courses themselves."""
