"""YAML with the places of its values, so that each mistake of a buildspec says where it stands.

A `Reader` collects all mistakes of one text; what is wrong reads as absent. It knows nothing of
what a buildspec means.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import yaml

from landrail.diagnostics import nearest

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"
Mapping = dict[str, yaml.Node]


class BuildspecError(Exception):
    """All that is wrong in a buildspec, for its author."""


@dataclass(slots=True)
class Reader:
    """Reads nodes into values; `finish` raises what was wrong."""

    name: str
    wrong: list[tuple[int, int, str]] = field(default_factory=list)

    def compose(self, text: str) -> yaml.Node:
        """Return the text's node; raises BuildspecError for what is not YAML."""
        try:
            if (root := yaml.compose(text, Loader=yaml.SafeLoader)) is not None:
                return root
            self.wrong.append((1, 1, "the buildspec is empty"))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.wrong.append((*place, str(error.problem or error.context)))
        except yaml.YAMLError as error:
            self.wrong.append((1, 1, str(error).splitlines()[0]))
        raise self.told()

    def say(self, node: yaml.Node, message: str) -> None:
        """Note a mistake at a node."""
        mark = node.start_mark
        self.wrong.append((mark.line + 1, mark.column + 1, message))

    def finish(self) -> None:
        """Raise BuildspecError where there was a mistake."""
        if self.wrong:
            raise self.told()

    def told(self) -> BuildspecError:
        """Return all mistakes as one, in their order."""
        places = sorted(set(self.wrong))
        return BuildspecError("; ".join(f"{self.name}:{a}:{b}: {told}" for a, b, told in places))

    def mapping(self, node: yaml.Node | None, where: str, known: Iterable[str] = ()) -> Mapping:
        """Return a mapping's values by key; with `known`, another key is a mistake."""
        if node is None or _empty(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.say(node, f"{where}: a mapping is wanted")
            return {}
        found: Mapping = {}
        allowed = list(known)
        for key, value in self._pairs(node, where):
            if key.value in found:
                self.say(key, f"{where}: the key `{key.value}` stands here twice")
            elif allowed and key.value not in allowed:
                near = nearest(key.value, allowed)
                hint = f", did you mean `{near}`?" if near else f": {', '.join(allowed)}"
                self.say(key, f"{where}: unknown key `{key.value}`{hint}")
            else:
                found[key.value] = value
        return found

    def texts(self, node: yaml.Node | None, where: str) -> tuple[str, ...]:
        """Return the texts of a list."""
        if node is None or _empty(node):
            return ()
        if not isinstance(node, yaml.SequenceNode):
            self.say(node, f"{where}: a list is wanted")
            return ()
        found = []
        for number, item in enumerate(node.value):
            if isinstance(item, yaml.ScalarNode) and not _empty(item):
                found.append(item.value)
            else:
                self._not_text(item, f"{where}[{number}]")
        return tuple(found)

    def text(self, node: yaml.Node | None, where: str) -> str | None:
        """Return one text; None where there is none."""
        if node is None or _empty(node):
            return None
        if isinstance(node, yaml.ScalarNode):
            return str(node.value)
        self._not_text(node, where)
        return None

    def by_name(self, node: yaml.Node | None, where: str) -> dict[str, str]:
        """Return texts by name; one without a value is empty."""
        found = self.mapping(node, where)
        return {name: self.text(value, f"{where}/{name}") or "" for name, value in found.items()}

    def yes(self, node: yaml.Node | None, where: str) -> bool:
        """Return a `yes` or `no`; nothing is `no`."""
        word = (self.text(node, where) or "no").lower()
        if node is not None and word not in ("yes", "no", "true", "false"):
            self.say(node, f"{where}: `{word}` is neither yes nor no")
        return word in ("yes", "true")

    def _pairs(
        self, node: yaml.MappingNode, where: str
    ) -> Iterable[tuple[yaml.ScalarNode, yaml.Node]]:
        for key, value in node.value:
            if key.tag == _MERGE:
                for one in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    if isinstance(one, yaml.MappingNode):
                        yield from self._pairs(one, where)
                    else:
                        self.say(one, f"{where}: `<<` takes a mapping")
            elif isinstance(key, yaml.ScalarNode):
                yield key, value
            else:
                self.say(key, f"{where}: a key is text")

    def _not_text(self, node: yaml.Node, where: str) -> None:
        found = {
            yaml.MappingNode: "subkeys (put quotes around a line that has `: ` in it)",
            yaml.SequenceNode: "a list",
            yaml.ScalarNode: "nothing",
        }[type(node)]
        self.say(node, f"Expected {where} to be of string type: found {found} instead")


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and (node.tag == _NULL or node.value == "")
