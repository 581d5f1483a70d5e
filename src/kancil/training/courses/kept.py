"""Courses of a workspace: those that come with Kancil, and packs that were imported.

An imported pack lies as it came, under the course's id and version. Of two versions the higher one
is taught; what was taught before stays, since results name their version.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from kancil.ground.files import read_file, write_durably
from kancil.training.errors import CourseExists, CourseNotFound, CourseSignerOther

from .course import Course
from .library import all_courses, course_files, course_names
from .pack import SUFFIX, OpenedPack, open_pack, pack_files

FOLDER = "courses"
"""Below the workspace."""


def keep_pack(root: Path, data: bytes, *, name: str, fingerprint: str) -> OpenedPack:
    """Import a pack into a workspace; the same pack again changes nothing.

    `fingerprint`: of the key of whoever made it, as they gave it by another channel. Raises what
    `open_pack` raises, CourseSignerOther, CourseExists.
    """
    opened = open_pack(data, name)
    if opened.fingerprint != fingerprint.strip():
        raise CourseSignerOther(path=name, found=opened.fingerprint)
    outline = opened.course.outline
    known = next((each for each in all_courses() if each.outline.id == outline.id), None)
    path = root / FOLDER / f"{outline.id}-{outline.version}{SUFFIX}"
    if known is not None and known.outline.version == outline.version and known != opened.course:
        raise CourseExists(course=outline.id, version=outline.version)
    if path.exists():
        if _opened(path, *_stamp(path)).course != opened.course:
            raise CourseExists(course=outline.id, version=outline.version)
        return opened
    write_durably(path, data, replace=False)
    return opened


def kept_packs(root: Path | None) -> tuple[OpenedPack, ...]:
    """The packs that were imported into a workspace."""
    if root is None or not (root / FOLDER).is_dir():
        return ()
    paths = sorted((root / FOLDER).glob(f"*{SUFFIX}"))
    return tuple(_opened(path, *_stamp(path)) for path in paths)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)
def _opened(path: Path, _modified_ns: int, _size: int) -> OpenedPack:
    """A pack, read once while its file stays the same."""
    return open_pack(read_file(path), path.name)


def known_courses(root: Path | None) -> tuple[Course, ...]:
    """Each course in its highest version, by id. `root`: of a workspace; None: none is open."""
    found: dict[str, Course] = {}
    for course in (*(each.course for each in kept_packs(root)), *all_courses()):
        earlier = found.get(course.outline.id)
        if earlier is None or _order(course) >= _order(earlier):
            found[course.outline.id] = course
    return tuple(found[id] for id in sorted(found))


def _order(course: Course) -> tuple[int, ...]:
    return tuple(int(each) for each in course.outline.version.split("."))


def find_course(root: Path | None, name: str) -> Course:
    """One of the courses; raises CourseNotFound."""
    known = known_courses(root)
    for course in known:
        if course.outline.id == name:
            return course
    listed = ", ".join(each.outline.id for each in known)
    raise CourseNotFound(name=name[:80], known=listed or "–")


def files_of_course(root: Path | None, name: str) -> dict[str, bytes]:
    """The files of a course in its highest version; raises CourseNotFound."""
    course = find_course(root, name)
    for path in () if root is None else sorted((root / FOLDER).glob(f"*{SUFFIX}")):
        if _opened(path, *_stamp(path)).course == course:
            return pack_files(read_file(path), path.name)
    if name in course_names():
        return course_files(name)
    raise CourseNotFound(name=name[:80], known="–")
