"""The courses that come with Kancil: every folder of `library` is one."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from kancil.training.errors import CourseNotFound

from .course import OUTLINE, Course
from .reading import course_of, files_of

LIBRARY = Path(__file__).parent / "library"


def course_names() -> tuple[str, ...]:
    """Ids of the courses that come with Kancil, in order."""
    if not LIBRARY.is_dir():
        return ()
    return tuple(sorted(each.name for each in LIBRARY.iterdir() if (each / OUTLINE).is_file()))


@cache
def course_named(name: str) -> Course:
    """A course that comes with Kancil; raises CourseNotFound, CourseNotReadable."""
    return course_of(course_files(name))


def course_files(name: str) -> dict[str, bytes]:
    """Its files by their path; raises CourseNotFound."""
    if name not in course_names():
        raise CourseNotFound(name=name[:80], known=", ".join(course_names()))
    return files_of(LIBRARY / name)


def all_courses() -> tuple[Course, ...]:
    """The courses that come with Kancil, in the order of their ids."""
    return tuple(map(course_named, course_names()))
