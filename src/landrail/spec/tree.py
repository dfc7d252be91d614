"""YAML text to a plain tree with the place of every value and key.

Scalars stay source text (`Text`), because what YAML 1.1 makes of them (`no`, `12:30`, an account
id that begins with zero) is seldom what was meant. The tree is built from parser events, not from
a loader, so that a hostile file can neither grow (aliases are refused) nor recurse deeply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.resolver import Resolver

from landrail.diagnostics import Diagnostic, Position, SourceRange
from landrail.spec.texts import Text

Path = tuple[str | int, ...]
_LARGEST_FILE = 1_000_000
_DEEPEST = 32
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RESOLVER: Any = Resolver()


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed file: dictionaries, lists and `Text`; ranges by path (a section's is its key's)."""

    value: Any
    ranges: dict[Path, SourceRange]
    keys: dict[Path, SourceRange]
    diagnostics: tuple[Diagnostic, ...]
    unknown: tuple[Position, ...] = ()
    """Where a value stands that could not be read: nothing else is to be said there."""


def parse(text: str, file: str) -> Tree:
    """Return the tree of a text; what cannot be read is in its `diagnostics`, and then `value` may
    be None."""
    if len(text) > _LARGEST_FILE:
        summary = f"the file is too large: {len(text):,} of {_LARGEST_FILE:,} characters"
        return Tree(None, {}, {}, (Diagnostic(summary, source=_start(file)),))
    builder = _Builder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not builder.take(event):
                break
    except yaml.MarkedYAMLError as error:
        builder.mistakes.append(_syntax(error, text, file))
        builder.value = None
    except yaml.YAMLError as error:
        builder.mistakes.append(Diagnostic(_character(error), source=_start(file)))
        builder.value = None
    return Tree(
        builder.value,
        builder.ranges,
        builder.keys,
        tuple(builder.mistakes),
        tuple(builder.unknown),
    )


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not been seen; `key` is the mapping's key read last."""

    items: dict[str, Any] | list[Any]
    path: Path
    key: Text | None = None
    skip: bool = False


@dataclass(slots=True)
class _Builder:
    """Takes parser events one by one."""

    file: str
    value: Any = None
    ranges: dict[Path, SourceRange] = field(default_factory=dict)
    keys: dict[Path, SourceRange] = field(default_factory=dict)
    mistakes: list[Diagnostic] = field(default_factory=list)
    unknown: list[Position] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)
    stack: list[_Open] = field(default_factory=list)
    documents: int = 0

    def take(self, event: Any) -> bool:
        """Take one event; False where reading on would be of no use."""
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.say("a second document begins here", "one file holds one platform", event)
                    return False
            case yaml.AliasEvent():
                self.alias(event)
            case yaml.ScalarEvent():
                self.check_node(event)
                self.put(_text(event), event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                return self.open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.stack.pop()
        return True

    def alias(self, event: Any) -> None:
        """Take an alias for a value that is not known; its anchor is the mistake, if it has one."""
        if event.anchor in self.anchors:
            self.unknown.append(_position(event.start_mark))
        else:
            self.say(
                f"`*{event.anchor}` is an alias of nothing", "write a text with * in quotes", event
            )
        self.put(Text("", "null"), event)

    def open(self, event: Any) -> bool:
        """Open a mapping or list."""
        self.check_node(event)
        if len(self.stack) >= _DEEPEST:
            self.say(f"nested more than {_DEEPEST} deep", "no key of the file needs that", event)
            self.value = None
            return False
        if self.stack and isinstance(self.stack[-1].items, dict) and self.stack[-1].key is None:
            self.say("a key must be a word, not a list or mapping", None, event)
            self.value = None
            return False
        items: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.stack.append(self.put(items, event))
        return True

    def put(self, value: Any, event: Any) -> _Open:
        """Put a value where it belongs, or take it as the key of the value to come."""
        if not self.stack:
            self.value = value
            self.ranges[()] = self.range(event)
            return _Open(value, ())
        around = self.stack[-1]
        if isinstance(around.items, list):
            path = (*around.path, len(around.items))
            around.items.append(value)
            self.ranges[path] = self.range(event)
            return _Open(value, path)
        if around.key is None:
            self.take_key(around, value, event)
            return _Open(value, around.path)
        path = (*around.path, str(around.key))
        if not around.skip:
            around.items[str(around.key)] = value
            key_range = self.keys[path]
            self.ranges[path] = self.range(event) if isinstance(value, Text) else key_range
        around.key, around.skip = None, False
        return _Open(value, path)

    def take_key(self, around: _Open, value: Any, event: Any) -> None:
        """Note a key; the value of one that stands twice is skipped."""
        assert isinstance(around.items, dict)
        assert isinstance(value, Text)
        around.key = value
        if value == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            self.say("merge keys (`<<`) are not read", "write the keys out", event)
            around.skip = True
        elif str(value) in around.items:
            first = self.keys[(*around.path, str(value))]
            self.say(
                f"the key `{value}` stands twice",
                f"first in line {first.start.line}; keep one of them",
                event,
            )
            around.skip = True
        elif value.tag in ("bool", "null"):
            self.say(
                f"YAML does not read the key `{value or ' '}` as text",
                f'write it in quotes: "{value}"',
                event,
            )
        if not around.skip:
            self.keys[(*around.path, str(around.key))] = self.range(event)

    def check_node(self, event: Any) -> None:
        """Refuse anchors and tags."""
        if event.anchor:
            self.anchors.add(event.anchor)
            self.say(
                f"anchors and aliases are not read (`&{event.anchor}`)",
                "write the value out",
                event,
            )
        if event.tag and event.tag != "!":
            self.say(f"tags are not read (`{_short(event.tag)}`)", "leave it out", event)

    def say(self, summary: str, remedy: str | None, event: Any) -> None:
        """Note a mistake at an event."""
        self.mistakes.append(Diagnostic(summary, remedy, self.range(event)))

    def range(self, event: Any) -> SourceRange:
        """Return where an event stands."""
        return SourceRange(self.file, _position(event.start_mark), _position(event.end_mark))


def _text(event: Any) -> Text:
    if not event.implicit[0]:
        return Text(event.value)
    tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, (True, False))
    return Text(event.value, str(tag).rpartition(":")[2])


def _short(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)


def _start(file: str) -> SourceRange:
    return SourceRange(file, Position(1, 1), Position(1, 1))


def _character(error: yaml.YAMLError) -> str:
    character = getattr(error, "character", None)
    shown = f" ({ord(character):#x})" if isinstance(character, str) and character else ""
    return f"the file holds a character that YAML does not allow{shown}"


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Diagnostic:
    """Tell a syntax error in words; tabs and unclosed brackets are told apart."""
    mark = error.problem_mark or error.context_mark
    if "end of stream" in str(error.problem) and error.context_mark is not None:
        mark = error.context_mark  # where it was opened helps; where the file ends does not
    if mark is None:
        return Diagnostic(f"this is not YAML: {error.problem}", source=_start(file))
    position = _position(mark)
    line = next(_lines(text, mark.line), "")
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent:
        column = indent.index("\t") + 1
        position = Position(position.line, column)
        return Diagnostic(
            "a tab stands in the indentation",
            "YAML wants spaces: two for each level",
            SourceRange(file, position, Position(position.line, column + 1)),
        )
    summary = f"this is not YAML: {error.problem}"
    if error.context:
        summary += f" {error.context}"
    remedy = "look at the line above too: brackets, quotes, colons and the indentation"
    return Diagnostic(summary, remedy, SourceRange(file, position, position))


def _lines(text: str, number: int) -> Iterator[str]:
    for index, line in enumerate(text.splitlines()):
        if index >= number:
            yield line
            return
