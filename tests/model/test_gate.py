"""The gate: what it reads, what it refuses, and that it never runs anything."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landrail.diagnostics import Mistakes
from landrail.operations.model.evaluate import check_gate
from landrail.spec.gate import GateError, judge, parse_gate

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
        ("0.5 <= auc <= 0.95", True),
        ("0.5 <= auc <= 0.85", False),
        ("auc > 0.95 or rows >= 100", True),
        ("auc > 0.95 or rows >= 100 and baseline > 0.9", False),
        ("(auc > 0.95 or rows >= 100) and baseline > 0.8", True),
        ("auc >= 1.02 * baseline", True),
        ("auc >= baseline + 2%", True),
        ("auc >= baseline + 3%", False),
        ("(auc - baseline) / baseline > 2%", True),
        ("-(auc - 1) <= 0.1001", True),
        ("(auc) > (baseline)", True),
        ("auc / (baseline - 0.88) > 0", False),
        ("auc>.5", True),
    ],
)
def test_a_gate_compares_sums_of_metrics(text: str, passes: bool) -> None:
    assert parse_gate(text).passes(METRICS) is passes


@pytest.mark.parametrize(
    "text",
    ["", "auc", "auc >=", ">= 1", "auc => 1", "auc > 1 2", "1 + > 2", "auc >= f(1)", "auc = 1",
     "__import__('os') > 1", "auc >= baseline +", "and", "auc > 0.5 and", "not auc > 1",
     "auc > 1e999", "(auc > 1", "auc > 1)", "(auc > 1) > 2", "auc > 1 && auc < 2",
     "challenger.auc > 1", "a.b.c > 1", "1 > 0", "auc >= auc", "auc >= champion.auc",
     "auc > champion.auc or auc > 2 * champion.auc",
     "(" * 60 + "auc" + ")" * 60 + " > 1", "-" * 60 + "auc > 1", "auc > 1 and " * 100 + "auc > 1"],
)  # fmt: skip
def test_a_gate_that_cannot_be_read_or_holds_nothing_is_refused(text: str) -> None:
    with pytest.raises(GateError):
        parse_gate(text)


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("auc => 0.9", "did you mean `>=`?", 5),
        ("auc ≥ 0.9", "did you mean `>=`?", 5),
        ("auc >= 0.9 AND f1 > 0.5", "did you mean `and`?", 12),
        ("auc >= 0.5 and auc >= chmpion.auc", "did you mean `champion.auc`?", 23),
        ("auc >= 0.9 && rows > 5", "did you mean `and`?", 12),
        ("auc >= (baseline", "expected `)`, found the end", 17),
        ("auc >= baseline 0.01", "expected `and`, `or` or the end, found `0.01`", 17),
        ("auc", "expected a comparison", 4),
        ("and auc > 0.5", "found `and` (at", 1),
        ("auc >= 1 / 0", "nothing is divided by 0", 10),
    ],
)
def test_a_mistake_in_a_gate_is_shown_where_it_is(text: str, message: str, column: int) -> None:
    with pytest.raises(GateError) as caught:
        parse_gate(text)
    assert message in str(caught.value)
    assert caught.value.column == column


WITH_CHAMPION = "auc >= baseline + 0.01 and auc >= champion.auc - 0.005"


@pytest.mark.parametrize(
    ("champion", "passes"), [(None, True), ({"auc": 0.904}, True), ({"auc": 0.906}, False)]
)
def test_a_candidate_is_held_to_the_champion_if_there_is_one(
    champion: dict[str, float] | None, passes: bool
) -> None:
    assert parse_gate(WITH_CHAMPION).passes(METRICS, champion) is passes
    assert not parse_gate(WITH_CHAMPION).passes({**METRICS, "auc": 0.885}, champion)


def test_a_champion_that_was_not_measured_so_is_named() -> None:
    with pytest.raises(GateError, match=r"`champion.auc`; of the champion: rmse"):
        parse_gate(WITH_CHAMPION).passes(METRICS, {"rmse": 3.0})


def test_a_gate_says_what_each_comparison_came_to() -> None:
    gate = parse_gate(WITH_CHAMPION)
    assert [str(one) for one in judge(gate.condition, METRICS, {"auc": 0.92}).judged] == [
        "auc >= baseline + 0.01: 0.9 >= 0.89, which holds",
        "auc >= champion.auc - 0.005: 0.9 >= 0.915, which does not hold",
    ]
    assert str(judge(gate.condition, METRICS).judged[1]).endswith("there is no champion yet")
    assert gate.metrics == {"auc", "baseline"}
    assert gate.of_champion == {"auc"}


def test_a_metric_nobody_measured_is_named() -> None:
    with pytest.raises(GateError, match="`f1`; measured: auc, baseline, rows"):
        parse_gate("f1 > 0.5").passes(METRICS)


def test_a_step_tells_a_failed_gate_and_a_missing_metric_as_mistakes() -> None:
    check_gate(WITH_CHAMPION, METRICS, None)
    with pytest.raises(Mistakes, match=r"auc >= champion.auc - 0.005: 0.9 >= 0.915, which does"):
        check_gate(WITH_CHAMPION, METRICS, {"auc": 0.92})
    with pytest.raises(Mistakes, match="the gate needs the metric `f1`"):
        check_gate("f1 > 0.5", METRICS)


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
