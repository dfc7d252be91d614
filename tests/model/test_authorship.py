"""Where a repository has no history to ask for, what was taken in tells what lies between."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from landrail.aws.builds import BuildSession
from landrail.operations.model.authorship import Work
from landrail.operations.model.history import Execution, Intake


@pytest.mark.parametrize(
    ("taken", "commit", "live", "between"),
    [
        ("abc", "c", "a", "bc"),
        ("abc", "c", "", "abc"),
        ("abc", "b", "a", "b"),  # c came later
        ("abcabd", "d", "a", "bcd"),  # a was trained again in between
        ("abcb", "b", "a", "b"),
        ("abc", "c", "z", "abc"),  # too long ago to be on record
        ("abc", "b", "b", ""),
        ("abc", "a", "b", ""),
    ],
)
def test_what_lies_between_over_a_connection(
    taken: str, commit: str, live: str, between: str
) -> None:
    build, now = BuildSession(), datetime(2026, 11, 23, tzinfo=UTC)
    intakes = [Intake(Execution(build, "churn", str(n)), one, now) for n, one in enumerate(taken)]
    assert set(Work(commit, live, intakes[::-1]).between()) == set(between)
