"""Real courses are read where they lie beside the checkout; they are no part of the project."""

from tests.transfer.folders import REAL_COURSES

collect_ignore = [] if REAL_COURSES.is_dir() else ["test_real_courses.py"]
