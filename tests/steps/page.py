"""The table of steps and permissions in `docs/platform.md`, made of the grants that are tested:
`python -m tests.steps.page` writes it."""

from __future__ import annotations

from pathlib import Path

from tests.steps.grants import STEPS
from tests.steps.told import statements

PAGE = Path(__file__).resolve().parents[2] / "docs" / "platform.md"
_BEGIN, _END = "<!-- steps: begin -->\n", "<!-- steps: end -->"
_NAMES = {
    "tiny": "MODEL",
    "numbers": "DATASET",
    "steps-": "PLATFORM-",
    "retail-uat": "LOB-uat",
    "retail": "LOB",
    "alias/landrail/": "",
    "shared-prod": "shared",
    "data-prod": "data",
    "@LOB-production": "@production",
    "@LOB-uat": "@uat",
}


def page(text: str) -> str:
    """Return the page with the table in its place."""
    before, _, rest = text.partition(_BEGIN)
    after = rest.partition(_END)[2]
    return f"{before}{_BEGIN}{table()}{_END}{after}"


def table() -> str:
    """Return the table: for each step the statements without any of which it is denied."""
    lines = ["| step | statements, by where they stand |", "|---|---|"]
    for step in STEPS:
        places: dict[str, list[str]] = {}
        for (place, sid), steps in (statements("alone") | statements("further")).items():
            each = steps.values() if isinstance(steps, dict) else (steps,)
            if any(step in one for one in each):
                places.setdefault(place, []).append(sid)
        told = [f"`{_general(place)}`{_named(place, sids)}" for place, sids in places.items()]
        lines.append(f"| {step} | {'; '.join(told)} |")
    return "\n".join(lines) + "\n"


def _named(place: str, sids: list[str]) -> str:
    return "" if place.startswith("trust of ") else f" {', '.join(sids)}"


def _general(place: str) -> str:
    for word, name in _NAMES.items():
        place = place.replace(word, name)
    return place


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
