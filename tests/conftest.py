"""What all tests share."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.utils import translation

# What only one database does is tested where it does it, and never counted as left out.
collect_ignore = [] if connection.vendor == "postgresql" else ["learning/test_postgresql.py"]


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
        def call(function: Callable[[], Any]) -> Any:
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
