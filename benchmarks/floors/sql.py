"""A view that runs the SQL of a page and does nothing else."""

from benchmarks.floors.bare import *  # noqa: F403  all but what follows
