"""Keys that are designed but not built yet: refused by name, so that nobody waits for them.

A table of places in the file and what will stand there. What is refused here is taken out of the
tree, so that it is not called unknown as well.
"""

from __future__ import annotations

from typing import Any

from landrail.diagnostics import Diagnostic
from landrail.spec.texts import Text
from landrail.spec.tree import Path, Tree

_ANY = "*"
UNBUILT: dict[Path, tuple[str, str]] = {
    ("regions",): ("more than one region is not built yet", "write one: `region: eu-west-1`"),
    ("invariants",): ("`invariants` is not built yet", "leave it out"),
    ("policies",): ("extra policy files are not built yet", "leave it out"),
    ("templates",): ("extra CloudFormation files are not built yet", "leave it out"),
    ("network", "onprem"): ("a way to on-premises is not built yet", "leave `onprem` out"),
    ("accounts", _ANY, "policies"): ("extra policy files are not built yet", "leave it out"),
    ("accounts", _ANY, "templates"): (
        "extra CloudFormation files are not built yet",
        "leave it out",
    ),
    ("teams", _ANY, "policies"): ("extra policy files are not built yet", "leave it out"),
    ("teams", _ANY, "templates"): ("extra CloudFormation files are not built yet", "leave it out"),
}


def take_unbuilt(tree: Tree) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the tree's value without what is not built yet, and a mistake for each such thing."""
    mistakes: list[Diagnostic] = []
    wanted = _without(tree.value, (), tree, mistakes)
    if "regions" in tree.value:
        wanted.setdefault("region", Text("eu-west-1"))
    return wanted, mistakes


def _without(value: Any, path: Path, tree: Tree, mistakes: list[Diagnostic]) -> Any:
    if not isinstance(value, dict):
        return value
    kept = {}
    for key, item in value.items():
        here = (*path, key)
        found = _lookup(here)
        if found:
            mistakes.append(Diagnostic(*found, tree.keys.get(here)))
        else:
            kept[key] = _without(item, here, tree, mistakes)
    return kept


def _lookup(path: Path) -> tuple[str, str] | None:
    for pattern, words in UNBUILT.items():
        if len(pattern) == len(path) and all(
            p in (_ANY, part) for p, part in zip(pattern, path, strict=True)
        ):
            return words
    return None
