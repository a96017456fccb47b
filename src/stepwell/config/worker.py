"""The worker: does what takes longer than a page, one thing after the other."""

import logging
from threading import Event, Thread
from time import monotonic

from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker

from stepwell.config.parent import exit_with_supervisor
from stepwell.gamification.actions import keep_boards
from stepwell.gamification.rules import is_on
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

    def work(self) -> None:
        """Take up what was left, and work until it is time to go."""
        exit_with_supervisor()
        self.configure_signals()
        resume_transfers()
        Thread(target=self._keep_boards, daemon=True).start()
        if not self.until_idle:
            Thread(target=self._resume_again_and_again, daemon=True).start()
            self.run()
            return
        idle_since = monotonic()
        while self.running and (self.boards != 0 or monotonic() - idle_since < IDLE):
            before = self._run_tasks
            self.run()  # in batches: until there is no task
            if self._run_tasks > before:
                idle_since = monotonic()
            Event().wait(INTERVAL)

    def _keep_boards(self) -> None:
        """Make the boards of many entries each minute, beside a task that may take longer."""
        while self.running:
            close_old_connections()
            try:
                self.boards = keep_boards() if is_on() else 0
            except Exception:
                logger.exception("The leaderboards could not be made; the next try is in a minute.")
            Event().wait(MINUTE)

    def _resume_again_and_again(self) -> None:
        while self.running:
            Event().wait(MINUTE)
            close_old_connections()
            resume_transfers()
