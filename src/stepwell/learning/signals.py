"""What happened in learning, sent after commit; receivers must be idempotent on the fact.

Every signal carries `event`, the `LearningEvent` that recorded the fact, with `user`, `course`,
`lesson` (None unless a lesson was completed or reopened) and `at`.
"""

from django.dispatch import Signal

learner_enrolled = Signal()
learner_unenrolled = Signal()
lesson_completed = Signal()
lesson_reopened = Signal()
course_finished = Signal()
course_started_over = Signal()

# Sent within the transaction that completes a lesson or finishes a course, with the `enrollment`,
# which is locked with its user. It runs inside a savepoint: see `record.send_learned`.
learned = Signal()
