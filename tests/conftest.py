"""What all tests share."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from threading import Barrier
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation

from tests.transfer.folders import REAL_COURSES

# What only one database does is tested where it does it, and never counted as left out.
collect_ignore = [] if connection.vendor == "postgresql" else ["learning/test_postgresql.py"]


def pytest_report_header() -> str:
    """Say if the real courses are missing; refuse to run without them in CI."""
    if REAL_COURSES.is_dir():
        return ""
    if os.environ.get("CI"):
        pytest.exit(f"The real courses are missing: {REAL_COURSES}", returncode=1)
    return f"LEFT OUT: tests of real courses, which are missing at {REAL_COURSES}"


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """Keep the language of a request from reaching the next test."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def transactional_db(transactional_db: None) -> Iterator[None]:
    """Forget sign-in's counts too: Django empties the tables of models, and theirs has none."""
    yield
    cache.clear()


@pytest.fixture
def run_in_threads(transactional_db: None) -> Callable[..., list[Any]]:
    """Return a function that runs callables at once, each on a database connection of its own.

    The clock is theirs, too, where a test has set it. What a callable raises comes back as its
    result.
    """

    def run(*callables: Callable[[], Any]) -> list[Any]:
        start = Barrier(len(callables))

        def call(function: Callable[[], Any]) -> Any:
            start.wait()
            try:
                return function()
            except Exception as error:
                return error
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(callables)) as pool:
            running = [pool.submit(copy_context().run, call, each) for each in callables]
            return [future.result() for future in running]

    return run
