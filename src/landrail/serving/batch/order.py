"""What a run is asked for: the format, what is kept, what is done with rows that are refused.

The same keys stand in a repository's recipe, in the file of the platform and in `order.json`.
"""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

ENGINES = ("processes", "ray")
_NAMES = "a list of columns"
_FIGURE = "a whole number of at least 1"


class WrongOrder(ValueError):
    """An order that cannot be followed; `reasons` are all of them."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `lineage` says which model scores which data, and nothing here reads it."""

    format: str = "parquet"
    """`parquet` or `csv` (`.csv.gz` too)."""
    output: str = ""
    """The format of the parts, that of the input where it is not said."""
    keep: tuple[str, ...] = ()
    """Columns of the input that stand beside each prediction; `*` are all."""
    errors: str = "fail"
    """What becomes of rows that the model refuses: `fail` the shard, or put them `aside`."""
    most_aside: float = 0.01
    """The share of a shard that may be put aside; more fail it."""
    shard_rows: int = 1_000_000
    """Rows of a shard, roughly: row groups are not cut."""
    batch_rows: int = 16_384
    """Rows that are predicted at once."""
    header: str = "present"
    """CSV without a header (`absent`) has the schema's columns in their order."""
    engine: str = "processes"
    """`processes` of this machine, or `ray` for those of a Ray cluster."""
    workers: int | None = None
    """How many processes score; one a core where it is not said."""
    lineage: Mapping[str, Any] = field(default_factory=dict)

    @property
    def writes(self) -> str:
        """The format of the parts."""
        return self.output or self.format

    @property
    def digest(self) -> str:
        """What names all that makes one part differ from another of the same rows: not how many
        work on it."""
        said = {k: v for k, v in self.to_json().items() if k not in ("engine", "workers")}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` reads."""
        return {**asdict(self), "keep": list(self.keep)}

    @classmethod
    def from_json(cls, document: Any) -> Order:
        """Read an order; raises WrongOrder naming all that is wrong."""
        if not isinstance(document, dict):
            raise WrongOrder(["an order is an object of its keys"])
        known = [one.name for one in fields(cls)]
        wrong = [_unknown(key, known) for key in document if key not in known]
        for key, (fits, said) in _CHECKS.items():
            if key in document and not fits(document[key]):
                wrong.append(f"`{key}` is {said}; `{json.dumps(document[key])}` is not")
        if wrong:
            raise WrongOrder(wrong)
        keep = tuple(document.get("keep", ()))
        return cls(**{**document, "keep": keep})


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, 1)
    return f"there is no `{key}`" + (f"; did you mean `{near[0]}`?" if near else "")


def _one_of(*words: str) -> tuple[Callable[[Any], bool], str]:
    return lambda value: value in words, f"one of {', '.join(w for w in words if w)}"


def _count(value: Any) -> bool:
    return type(value) is int and value >= 1


def _names(value: Any) -> bool:
    return (
        isinstance(value, list | tuple)
        and all(isinstance(name, str) and name for name in value)
        and len(set(value)) == len(value)
    )


def _share(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value <= 1


_CHECKS: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "format": _one_of("parquet", "csv"),
    "output": _one_of("", "parquet", "csv"),
    "keep": (_names, f"{_NAMES}, each once"),
    "errors": _one_of("fail", "aside"),
    "most_aside": (_share, "a share from 0 to 1"),
    "shard_rows": (_count, _FIGURE),
    "batch_rows": (_count, _FIGURE),
    "header": _one_of("present", "absent"),
    "engine": _one_of(*ENGINES),
    "workers": (lambda value: value is None or _count(value), _FIGURE),
    "lineage": (lambda value: isinstance(value, dict), "an object"),
}
