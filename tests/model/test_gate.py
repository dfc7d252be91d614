"""The gate: what it reads, what it refuses, and that it never runs anything."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landrail.spec.gate import GateError, parse_gate

METRICS = {"auc": 0.90, "baseline": 0.88, "rows": 500.0}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("auc >= baseline + 0.01", True),
        ("auc >= baseline + 0.03", False),
        ("auc > 0.9", False),
        ("auc >= 0.9 and rows > 1e2", True),
        ("auc >= 0.9 and rows > 1000", False),
        ("rows == 500", True),
        ("auc - baseline >= 0.01", True),
        ("auc >= -1", True),
        ("baseline < auc", True),
    ],
)
def test_a_gate_compares_sums_of_metrics(text: str, passes: bool) -> None:
    assert parse_gate(text).passes(METRICS) is passes


@pytest.mark.parametrize(
    "text",
    ["", "auc", "auc >=", ">= 1", "auc => 1", "auc > 1 2", "1 + > 2", "auc >= f(1)", "a >= b >= c",
     "__import__('os') > 1", "auc >= baseline +", "and", "auc > 0.5 and"],
)  # fmt: skip
def test_a_gate_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(GateError):
        parse_gate(text)


def test_a_metric_nobody_measured_is_named() -> None:
    with pytest.raises(GateError, match="`f1`; measured: auc, baseline, rows"):
        parse_gate("f1 > 0.5").passes(METRICS)


@pytest.mark.parametrize("symbol", [">=", ">", "<", "<=", "=="])
def test_a_metric_that_is_not_a_number_never_passes(symbol: str) -> None:
    assert not parse_gate(f"auc {symbol} 0.5").passes({"auc": math.nan})


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        parse_gate(text)
    except GateError:
        return


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 0.5))
def test_the_gate_of_the_example_means_what_it_says(auc: float, base: float, margin: float) -> None:
    gate = parse_gate(f"auc >= baseline + {margin:.6f}")
    wanted = auc >= base + float(f"{margin:.6f}")
    assert gate.passes({"auc": auc, "baseline": base}) is wanted
