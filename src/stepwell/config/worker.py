"""The worker: does what takes longer than a page, one thing after the other, and sends mail."""

import logging
from threading import Event, Thread
from time import monotonic

from django.db import close_old_connections, connection
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from stepwell.config.parent import exit_with_supervisor
from stepwell.core.waking import wake_worker
from stepwell.gamification.actions import keep_boards
from stepwell.gamification.rules import is_on
from stepwell.school.outgoing import forget_old_mail, get_next_time, is_mail_due, send_due_mail
from stepwell.transfer.transfers import own_name, resume_transfers

logger = logging.getLogger(__name__)

INTERVAL = 0.5  # seconds between two looks for work
IDLE = 5.0  # seconds without work, after which it goes
MINUTE = 60.0  # seconds between two looks for what others left lying, and between two boards


class SiteWorker(Worker):
    """Ends when there has been no work for a while, unless it keeps leaderboards."""

    def __init__(self, *, until_idle: bool) -> None:
        super().__init__(
            queue_names=["default"],
            interval=INTERVAL,
            batch=until_idle,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=own_name()[-64:],
            excluded_queue_names=[],
        )
        self.until_idle = until_idle
        self.boards: int | None = None  # how many are kept; None until that is known
        self.is_mailing = False

    def work(self) -> None:
        """Take up what was left, and work until it is time to go."""
        exit_with_supervisor()
        self.configure_signals()
        _tidy_up()
        for keep_going in (self._keep_boards, self._tidy_up_again_and_again):
            Thread(target=keep_going, daemon=True).start()
        # Mail has a thread of its own: a mail server may be as slow as it likes, and a password's
        # link doesn't wait for an import.
        mail = Thread(target=self._send_mail)
        mail.start()
        try:
            if self.until_idle:
                self._run_until_idle()
            else:
                self.run()
        finally:  # also where a signal ends the process
            self.running = False
        mail.join()
        if self.until_idle:
            _come_back_in_time()

    def _run_until_idle(self) -> None:
        idle_since = monotonic()
        while self.running and (self.boards != 0 or monotonic() - idle_since < IDLE):
            before = self._run_tasks
            self.run()  # in batches: until there is no task
            if self._run_tasks > before or self.is_mailing:
                idle_since = monotonic()
            Event().wait(INTERVAL)

    def _send_mail(self) -> None:
        while self.running:
            try:
                close_old_connections()
                self.is_mailing = is_mail_due()
                if self.is_mailing:
                    send_due_mail(may_go_on=lambda: self.running)
            except Exception:
                logger.exception("Mail waits, since something is broken.")
                Event().wait(IDLE)
            Event().wait(INTERVAL)
        connection.close()

    def _keep_boards(self) -> None:
        """Make the boards of many entries each minute, beside a task that may take longer."""
        while self.running:
            close_old_connections()
            try:
                self.boards = keep_boards() if is_on() else 0
            except Exception:
                logger.exception("The leaderboards could not be made; the next try is in a minute.")
            Event().wait(MINUTE)

    def _tidy_up_again_and_again(self) -> None:
        while self.running:
            Event().wait(MINUTE)
            close_old_connections()
            _tidy_up()


def _tidy_up() -> None:
    resume_transfers()
    forget_old_mail()


def _come_back_in_time() -> None:
    """Have the supervisor start a worker when the next mail is due."""
    next_time = get_next_time()
    if next_time is not None:
        wake_worker(at=next_time)
    # Whatever was announced after the last look must not wait until then.
    if get_next_time() != next_time or DBTaskResult.objects.ready().exists():
        wake_worker()
