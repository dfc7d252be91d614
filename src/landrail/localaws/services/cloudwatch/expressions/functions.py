"""The functions of metric math, by name.

Source: CloudWatch User Guide, "Functions supported for metric math".
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from landrail.localaws.services.cloudwatch.expressions.compute import (
    Function,
    Run,
    Scope,
    Value,
    series,
)
from landrail.localaws.services.cloudwatch.expressions.parse import MathError


def _taking(least: int, most: int, function: Function) -> Function:
    def applied(scope: Scope, given: tuple[Value, ...]) -> Value:
        if not least <= len(given) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise MathError(f"a function with {wanted} arguments is given {len(given)}")
        return function(scope, given)

    return applied


def _across(
    gather: Callable[[Sequence[float]], float], _: Scope, given: tuple[Value, ...]
) -> Value:
    """Of one series a number, of several a series: of each period those that have a value."""
    value = given[0]
    if isinstance(value, list):
        moments = sorted({moment for one in value for moment in one})
        return {
            moment: gather([one[moment] for one in value if moment in one]) for moment in moments
        }
    found = list(series(value).values())
    if not found:
        raise MathError("a series without values has no such number")
    return gather(found)


def _mapped(change: Callable[[float], float], _: Scope, given: tuple[Value, ...]) -> Value:
    value = given[0]
    if isinstance(value, float | int):
        return change(value)
    if isinstance(value, list):
        return [_changed(change, one) for one in value]
    return _changed(change, series(value))


def _changed(change: Callable[[float], float], run: Run) -> Run:
    found: dict[int, float] = {}
    for moment, value in run.items():
        try:
            found[moment] = change(value)
        except ValueError:
            continue
    return found


def _metrics(scope: Scope, given: tuple[Value, ...]) -> Value:
    if given and not isinstance(given[0], str):
        raise MathError("METRICS takes a text")
    return scope.metrics(str(given[0]) if given else None)


def _fill(scope: Scope, given: tuple[Value, ...]) -> Value:
    value, by = given
    if isinstance(value, list):
        return [_filled(scope, one, by) for one in value]
    return _filled(scope, series(value), by)


def _filled(scope: Scope, run: Run, by: Value) -> Run:
    if by == "REPEAT":
        return _repeated(scope, run)
    if by == "LINEAR":
        return _linear(scope, run)
    if isinstance(by, Mapping):
        return {
            m: run.get(m, by.get(m, math.nan)) for m in scope.grid.moments() if m in run or m in by
        }
    if not isinstance(by, float | int):
        raise MathError("FILL takes a number, a series, REPEAT or LINEAR")
    return {moment: run.get(moment, by) for moment in scope.grid.moments()}


def _repeated(scope: Scope, run: Run) -> Run:
    found: dict[int, float] = {}
    last: float | None = None
    for moment in scope.grid.moments():
        last = run.get(moment, last)
        if last is not None:
            found[moment] = last
    return found


def _linear(scope: Scope, run: Run) -> Run:
    known = sorted(run)
    found = dict(run)
    for before, after in itertools.pairwise(known):
        for moment in range(before + scope.grid.period, after, scope.grid.period):
            share = (moment - before) / (after - before)
            found[moment] = run[before] + share * (run[after] - run[before])
    return dict(sorted(found.items()))


def _if(_: Scope, given: tuple[Value, ...]) -> Value:
    condition, then = given[0], given[1]
    other = given[2] if len(given) > 2 else None
    if isinstance(condition, float | int):
        chosen = then if condition else other
        if chosen is None:
            return {}
        return chosen
    found: dict[int, float] = {}
    for moment, holds in series(condition).items():
        chosen = then if holds else other
        one = _at(chosen, moment)
        if one is not None:
            found[moment] = one
    return found


def _at(value: Value | None, moment: int) -> float | None:
    if value is None or isinstance(value, float | int):
        return value
    return series(value).get(moment)


def _steps(divide: bool, _: Scope, given: tuple[Value, ...]) -> Value:
    """The difference of each value to the one before it, a second or as it is."""
    value = given[0]
    if isinstance(value, list):
        return [_stepped(divide, one) for one in value]
    return _stepped(divide, series(value))


def _stepped(divide: bool, run: Run) -> Run:
    known = sorted(run)
    return {
        after: (run[after] - run[before]) / ((after - before) if divide else 1.0)
        for before, after in itertools.pairwise(known)
    }


def _running(_: Scope, given: tuple[Value, ...]) -> Value:
    total, found = 0.0, {}
    run = series(given[0])
    for moment in sorted(run):
        total += run[moment]
        found[moment] = total
    return found


def _end(index: int, _: Scope, given: tuple[Value, ...]) -> Value:
    """FIRST and LAST: of one series a number, of several the first or last series."""
    value = given[0]
    if isinstance(value, list):
        if not value:
            raise MathError("there is no series")
        return value[index]
    run = series(value)
    if not run:
        raise MathError("a series without values has no first and no last")
    return run[sorted(run)[index]]


def _constant(scope: Scope, given: tuple[Value, ...]) -> Value:
    if not isinstance(given[0], float | int):
        raise MathError("TIME_SERIES takes a number")
    return dict.fromkeys(scope.grid.moments(), float(given[0]))


def _many(_: Scope, given: tuple[Value, ...]) -> Value:
    if isinstance(given[0], list):
        return float(sum(len(one) for one in given[0]))
    return float(len(series(given[0])))


FUNCTIONS: Mapping[str, Function] = {
    "ABS": _taking(1, 1, partial(_mapped, abs)),
    "AVG": _taking(1, 1, partial(_across, statistics.fmean)),
    "CEIL": _taking(1, 1, partial(_mapped, lambda v: float(math.ceil(v)))),
    "DATAPOINT_COUNT": _taking(1, 1, _many),
    "DIFF": _taking(1, 1, partial(_steps, False)),
    "FILL": _taking(2, 2, _fill),
    "FIRST": _taking(1, 1, partial(_end, 0)),
    "FLOOR": _taking(1, 1, partial(_mapped, lambda v: float(math.floor(v)))),
    "IF": _taking(2, 3, _if),
    "LAST": _taking(1, 1, partial(_end, -1)),
    "LOG": _taking(1, 1, partial(_mapped, math.log)),
    "LOG10": _taking(1, 1, partial(_mapped, math.log10)),
    "MAX": _taking(1, 1, partial(_across, max)),
    "METRICS": _taking(0, 1, _metrics),
    "MIN": _taking(1, 1, partial(_across, min)),
    "PERIOD": _taking(1, 1, lambda scope, _: float(scope.grid.period)),
    "RATE": _taking(1, 1, partial(_steps, True)),
    "RUNNING_SUM": _taking(1, 1, _running),
    "STDDEV": _taking(1, 1, partial(_across, statistics.pstdev)),
    "SUM": _taking(1, 1, partial(_across, math.fsum)),
    "TIME_SERIES": _taking(1, 1, _constant),
}
