"""Expressions over series: the functions and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from landrail.localaws.services.cloudwatch.expressions import (
    FUNCTIONS,
    Grid,
    MathError,
    Scope,
    compute,
    parse,
)

GRID = Grid(0, 300, 60)
SERIES: dict[str, Any] = {
    "a": {0: 1.0, 60: 2.0, 120: 3.0, 240: 5.0},
    "b": {0: 10.0, 120: 0.0, 240: 50.0},
    "none": {},
}
SCOPE = Scope(lambda name: SERIES[name], lambda _: [SERIES["a"], SERIES["b"]], GRID)

WORTH: list[tuple[str, Any]] = [
    ("1 + 2 * 3 ^ 2 - 4 / 2", 17.0),
    ("-(2 + 3) * 2", -10.0),
    ("a * 2", {0: 2.0, 60: 4.0, 120: 6.0, 240: 10.0}),
    ("a / b", {0: 0.1, 240: 0.1}),
    ("100 * (a / (a + b))", {0: 100 / 11, 120: 100.0, 240: 500 / 55}),
    ("a > 2", {0: 0.0, 60: 0.0, 120: 1.0, 240: 1.0}),
    ("a > 2 AND b < 20", {0: 0.0, 120: 1.0, 240: 0.0}),
    ("a > 2 || b == 10", {0: 1.0, 120: 1.0, 240: 1.0}),
    ("SUM(METRICS())", {0: 11.0, 60: 2.0, 120: 3.0, 240: 55.0}),
    ("MAX([a, b])", {0: 10.0, 60: 2.0, 120: 3.0, 240: 50.0}),
    ("AVG(METRICS())", {0: 5.5, 60: 2.0, 120: 1.5, 240: 27.5}),
    ("a - AVG(a)", {0: -1.75, 60: -0.75, 120: 0.25, 240: 2.25}),
    ("FILL(a, 0)", {0: 1.0, 60: 2.0, 120: 3.0, 180: 0.0, 240: 5.0}),
    ("FILL(a, REPEAT)", {0: 1.0, 60: 2.0, 120: 3.0, 180: 3.0, 240: 5.0}),
    ("FILL(a, LINEAR)", {0: 1.0, 60: 2.0, 120: 3.0, 180: 4.0, 240: 5.0}),
    ("FILL(none, 7)", {0: 7.0, 60: 7.0, 120: 7.0, 180: 7.0, 240: 7.0}),
    ("IF(b > 5, a, -1)", {0: 1.0, 120: -1.0, 240: 5.0}),
    ("IF(1, a)", SERIES["a"]),
    ("RATE(b)", {120: -10 / 120, 240: 50 / 120}),
    ("DIFF(b)", {120: -10.0, 240: 50.0}),
    ("RUNNING_SUM(b)", {0: 10.0, 120: 10.0, 240: 60.0}),
    ("b / PERIOD(b)", {0: 10 / 60, 120: 0.0, 240: 50 / 60}),
    ("ABS(b - 20)", {0: 10.0, 120: 20.0, 240: 30.0}),
    ("LAST(a) + FIRST(b)", 15.0),
    ("TIME_SERIES(3)", {0: 3.0, 60: 3.0, 120: 3.0, 180: 3.0, 240: 3.0}),
    ("CEIL(a / 2)", {0: 1.0, 60: 1.0, 120: 2.0, 240: 3.0}),
    ("DATAPOINT_COUNT(a)", 4.0),
    ("+".join("a" * 200), {0: 200.0, 60: 400.0, 120: 600.0, 240: 1000.0}),
    ("(0 - a) ^ 0.5", {}),
    ("a * 10 ^ 300 * 10 ^ 300", {}),
]
WRONG = [
    ("a +", "ends too early"),
    ("(a", "ends too early"),
    ("a b", "unexpected `b`"),
    ("a $ 2", "cannot be read"),
    ("SEARCH('{AWS/EC2}', 'Average')", "does not have the function SEARCH"),
    ("ANOMALY_DETECTION_BAND(a)", "does not have the function ANOMALY_DETECTION_BAND"),
    ("SELECT AVG(x) FROM y", "Metrics Insights"),
    ("FILL(a)", "with 2 arguments is given 1"),
    ("[a, b] + [a, b]", "two lists"),
    ("1 / 0", "divided by zero"),
    ("(" * 199 + "1" + ")" * 199, "nested too deeply"),
    ("+".join("a" * 1000), "has 1999 parts"),
]


@pytest.mark.parametrize(("text", "wanted"), WORTH, ids=[text[:30] for text, _ in WORTH])
def test_values(text: str, wanted: Any) -> None:
    """What an expression comes to."""
    assert compute(parse(text), SCOPE, FUNCTIONS) == pytest.approx(wanted)


@pytest.mark.parametrize(("text", "words"), WRONG, ids=[text[:30] for text, _ in WRONG])
def test_refusals(text: str, words: str) -> None:
    """What is no expression, or one that the local AWS does not have."""
    with pytest.raises(MathError, match=words):
        compute(parse(text), SCOPE, FUNCTIONS)
