"""The work that a worker does for transfers."""

from django_tasks import task

from stepwell.transfer.transfers import run_transfer


@task()
def run(key: str) -> None:
    """Do what the transfer with this key waits for."""
    run_transfer(key)
