"""The ledger of the leaderboard's benchmark, and its boards."""

import pytest

from benchmarks import ledger
from benchmarks.boards import Measurement
from stepwell.gamification.models import PointEntry

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = ledger.LedgerShape(learners=1000, entries=5_000, courses=2)


def test_a_small_ledger_is_measured_and_agrees_with_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("benchmarks.boards.LOOKS", 3)
    monkeypatch.setattr("benchmarks.boards.AWARDS", 3)
    monkeypatch.setattr("benchmarks.boards.MAKER", "")
    monkeypatch.setattr("stepwell.gamification.queries.leaderboard.MOST_ENTRIES", 1_000)
    ledger.fill(SMALL)
    assert PointEntry.objects.count() > 3_000

    Measurement(lambda _step: None).run()

    assert "agree with the ledger" in capsys.readouterr().out
