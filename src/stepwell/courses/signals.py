"""What happened to courses, sent after commit."""

from django.dispatch import Signal

# Some lessons may no longer be visible, or a course with fewer lessons has opened again.
# Carries `course`, the `Course`; sender is its class.
lessons_hidden = Signal()

# A course is open that was not. Carries `course`, the `Course`; sender is its class.
course_opened = Signal()
