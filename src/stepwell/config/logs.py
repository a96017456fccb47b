"""What goes into the log."""

import logging


class OneLineFormatter(logging.Formatter):
    """Leave out tracebacks: bad requests of scanners would fill the log with them."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without changing the record for other handlers."""
        copy = logging.makeLogRecord(vars(record))
        copy.exc_info = copy.exc_text = copy.stack_info = None
        return super().format(copy)
