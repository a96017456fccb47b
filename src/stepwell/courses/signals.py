"""What happened to courses, sent after commit."""

from django.dispatch import Signal

# Lessons were hidden or archived, the first ones came to an empty course, or a course opened again.
# Learners may have nothing open in it now. Carries `course`, the `Course`; sender is its class.
counted_lessons_changed = Signal()

# A course is open that was not. Carries `course`, the `Course`; sender is its class.
course_opened = Signal()
