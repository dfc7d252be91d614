"""What the file says of guardrails: one `Choice` an entry, whichever of its forms it is written in.

An entry is a word (`recommended`, or a guardrail's id), an id with values or settings, or a policy
of the enterprise's own. Reading finds every mistake of every entry; which ids and places there are
is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from landrail.diagnostics import nearest
from landrail.spec.texts import NAME, Said, Text, boolean

Mode = Literal["enforce", "monitor", "off"]
PolicyType = Literal["scp", "rcp"]

RECOMMENDED = "recommended"
SETS = (RECOMMENDED,)
KINDS = (
    "log-archive",
    "audit",
    "shared-services",
    "data-management",
    "data-science",
    "development",
    "uat",
    "production",
)
"""The kinds of accounts that guardrails can be told apart by: policies of an organization do not
bind the management account."""
EVERY_KIND = "root"
"""Under which values stand that are not told apart by kind."""
_SETTINGS = ("mode", "in", "reason", "values")
_OF_POLICY = ("policy", "file", "type", "in", "mode", "reason")
_LONGEST_PATH = 500
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: `values` by kind of account, or under `root` for every one; `places` are kinds or
    paths of OUs, none where it is for all. `file` and `type` are of a policy of one's own; `index`
    is its place in the list."""

    id: str
    mode: Mode = "enforce"
    places: tuple[str, ...] = ()
    reason: str | None = None
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str | None = None
    type: PolicyType = "scp"
    index: int = 0

    @property
    def is_set(self) -> bool:
        """Whether it is the word for a set of guardrails."""
        return self.id in SETS and self.file is None

    @property
    def path(self) -> Path:
        """Where it stands in the file."""
        return ("guardrails", self.index)


def read_choices(given: Any) -> tuple[tuple[Choice, ...], list[Said]]:
    """Return the entries of `guardrails`, as far as they can be read, and every mistake."""
    reader = _Reader()
    found = [reader.entry(item, index) for index, item in enumerate(given)]
    choices = tuple(choice for choice in found if choice is not None)
    return choices, [*reader.mistakes, *_together(choices)]


def written(choices: Sequence[Choice]) -> list[Any]:
    """Return entries in the form of the file."""
    return [_written(choice) for choice in choices]


def _written(choice: Choice) -> Any:
    said: dict[str, Any] = {}
    if choice.mode != "enforce":
        said["mode"] = choice.mode
    if choice.places:
        said["in"] = list(choice.places)
    if choice.reason:
        said["reason"] = choice.reason
    if choice.file is not None:
        kind = {} if choice.type == "scp" else {"type": choice.type}
        return {"policy": choice.id, "file": choice.file, **kind, **said}
    every = choice.values.get(EVERY_KIND)
    if every and not said and len(choice.values) == 1:
        return {choice.id: list(every)}
    said |= {"values" if k == EVERY_KIND else k: list(v) for k, v in choice.values.items()}
    return {choice.id: said} if said else choice.id


class _Reader:
    """Reads entry after entry and collects what is wrong."""

    def __init__(self) -> None:
        self.mistakes: list[Said] = []

    def say(
        self,
        path: Path,
        summary: str,
        remedy: str | None = None,
        *,
        key: bool = False,
    ) -> None:
        """Note a mistake at a place below `guardrails`."""
        self.mistakes.append(Said(summary, remedy, path, key))

    def entry(self, item: Any, index: int) -> Choice | None:
        """Read one entry; None where it says nothing."""
        if isinstance(item, Choice):
            return item
        if isinstance(item, str):
            name = self.name(item, (index,), "a guardrail")
            return None if name is None else Choice(name, index=index)
        if not isinstance(item, Mapping) or not item:
            self.say((index,), "an entry of `guardrails` is a guardrail's id, or `id: ...`", _FORMS)
            return None
        if "policy" in item or "file" in item:
            return self.policy(item, index)
        (first, body), *others = item.items()
        for other, _ in others:
            if other in _SETTINGS or other in KINDS:
                remedy = f"indent it below `{first}`, or write `{first}: {{{other}: ...}}`"
            else:
                remedy = f"give it an entry of its own: `- {other}: ...`"
            self.say(
                (index, other), f"`{other}` does not belong beside `{first}`", remedy, key=True
            )
        name = self.name(first, (index, first), "a guardrail", key=True)
        if name is None or others:
            return None
        return self.choice(name, body, (index, first))

    def choice(self, name: str, body: Any, path: Path) -> Choice | None:
        """Read what is said of a guardrail: a list of values, or settings."""
        index = cast(int, path[0])
        if name in SETS:
            self.say(path, f"`{name}` takes nothing", f"write `- {name}`", key=True)
            return None
        if isinstance(body, list | tuple):
            listed = self.texts(body, path, f"values of `{name}`")
            return (
                None if listed is None else Choice(name, values={EVERY_KIND: listed}, index=index)
            )
        if not isinstance(body, Mapping):
            summary = f"`{name}` should be a list of values or a mapping of settings"
            self.say(path, summary, f"write `- {name}`, or `- {name}: {{mode: monitor}}`")
            return None
        values: dict[str, tuple[str, ...]] = {}
        for key, value in body.items():
            if key in KINDS or key == "values":
                listed = self.texts(value, (*path, key), f"`{key}` of `{name}`")
                if listed is not None:
                    values[EVERY_KIND if key == "values" else str(key)] = listed
            elif key not in _SETTINGS:
                near = nearest(str(key), (*KINDS, *_SETTINGS))
                known = f"settings: {', '.join(_SETTINGS)}; or a kind of account with values"
                remedy = f"did you mean `{near}`?" if near else known
                self.say((*path, key), f"unknown key `{key}` in `{name}`", remedy, key=True)
        return Choice(name, values=values, index=index, **self.settings(body, path, name))

    def policy(self, item: Mapping[str, Any], index: int) -> Choice | None:
        """Read an entry for a policy of the enterprise's own."""
        for key in item:
            if key not in _OF_POLICY:
                near = nearest(str(key), _OF_POLICY)
                remedy = (
                    f"did you mean `{near}`?" if near else f"keys here: {', '.join(_OF_POLICY)}"
                )
                self.say((index, key), f"unknown key `{key}` in a policy's entry", remedy, key=True)
        for key, example in (("policy", "deny-x"), ("file", "policies/deny-x.json")):
            if key not in item:
                self.say(
                    (index,), f"`{key}` is missing in a policy's entry", f"add `{key}: {example}`"
                )
        kind: PolicyType = "scp"
        if "type" in item:
            kind = self.word(item["type"], get_args(PolicyType), (index, "type"), "type") or "scp"
        settings = self.settings(item, (index,), "policy")
        name = self.name(item.get("policy", ""), (index, "policy"), "a policy")
        file = self.file(item.get("file", ""), (index, "file"))
        if name is None or file is None:
            return None
        return Choice(name, file=file, type=kind, index=index, **settings)

    def settings(self, body: Mapping[str, Any], path: Path, name: str) -> dict[str, Any]:
        """Read mode, places and reason."""
        found: dict[str, Any] = {}
        mode = "enforce"
        if "mode" in body:
            mode = self.word(body["mode"], get_args(Mode), (*path, "mode"), "mode") or "enforce"
            found["mode"] = mode
        if "in" in body:
            places = self.texts(body["in"], (*path, "in"), "`in`")
            found["places"] = places or ()
        if "reason" in body:
            found["reason"] = self.text(body["reason"], (*path, "reason"))
        elif mode == "off":
            what = f"`{name}`" if name != "policy" else "a policy"
            remedy = 'add `reason: "..."`: who reads the file later will ask'
            self.say((*path, "mode"), f"{what} is off without a reason", remedy)
        return found

    def texts(self, given: Any, path: Path, what: str) -> tuple[str, ...] | None:
        """Read a list of texts, each once."""
        if not isinstance(given, list | tuple):
            shown = f", not `{given}`" if isinstance(given, str) and given else ""
            remedy = f"write [{given}]" if isinstance(given, str) and given else None
            self.say(path, f"{what} should be a list, like [one, two]{shown}", remedy)
            return None
        if not given:
            self.say(path, f"{what} is an empty list", "name at least one, or leave it out")
            return None
        listed: list[str] = []
        for number, item in enumerate(given):
            text = self.text(item, (*path, number))
            if text is None:
                continue
            if text in listed:
                self.say((*path, number), f"`{text}` stands here twice", "name it once")
            listed.append(text)
        return tuple(listed) or None

    def text(self, given: Any, path: Path) -> str | None:
        """Read a text that is not empty."""
        if isinstance(given, Text) and given.tag == "bool":
            self.say(path, *boolean(given))
            return None
        if not isinstance(given, str) or not given.strip():
            self.say(path, "a text is missing here", "write one")
            return None
        return str(given)

    def name(self, given: Any, path: Path, what: str, *, key: bool = False) -> str | None:
        """Read an id: a name by its letters."""
        text = given if isinstance(given, str) else ""
        if not text and not key:
            return None
        if not re.fullmatch(NAME, text) or len(text) > 64:
            remedy = "lower-case letters, digits and single dashes, at most 64"
            self.say(path, f"`{text}` is not the name of {what}", remedy, key=key)
            return None
        return str(text)

    def word(self, given: Any, known: tuple[str, ...], path: Path, what: str) -> Any:
        """Read one of a few words."""
        if isinstance(given, str) and given in known:
            return str(given)
        text = str(given) if isinstance(given, str) else "this"
        if isinstance(given, Text) and given.tag == "bool" and "off" in known and text != "off":
            self.say(path, *boolean(given))
            return None
        near = nearest(text, known)
        remedy = f"did you mean `{near}`?" if near else f"one of: {', '.join(known)}"
        self.say(path, f"`{text}` is not a {what}", remedy)
        return None

    def file(self, given: Any, path: Path) -> str | None:
        """Read the name of a file beside the platform's file."""
        if not isinstance(given, str) or not given:
            return None
        if given.startswith(("/", "~")) or "\\" in given or re.match(r"[A-Za-z]:", given):
            remedy = "like `policies/deny-x.json`: it belongs to the file and moves with it"
            self.say(path, f"`{given}` is not a path relative to the platform's file", remedy)
            return None
        if len(given) > _LONGEST_PATH or "\0" in given:
            self.say(path, "this is too long for the name of a file")
            return None
        return str(given)


_FORMS = "like `- recommended`, `- require-tls: {mode: monitor}` or `- policy: deny-x`"


def _together(choices: Sequence[Choice]) -> Iterator[Said]:
    """Yield what entries get wrong together: the same thing said twice of one guardrail."""
    own: dict[str, Choice] = {}
    places: set[tuple[str, str]] = set()
    values: set[tuple[str, str]] = set()
    for choice in choices:
        if choice.file is not None:
            if choice.id in own:
                summary = f"two policies are called `{choice.id}`"
                yield Said(summary, "give each a name of its own", (choice.index, "policy"))
            own.setdefault(choice.id, choice)
        speaks = choice.mode != "enforce" or not choice.values or choice.places
        for place in choice.places or (("everywhere",) if speaks else ()):
            where = f" in {place}" if choice.places else ""
            if (choice.id, place) in places and choice.file is None:
                yield Said(f"`{choice.id}` stands here twice{where}", _ONCE, (choice.index,))
            places.add((choice.id, place))
        for kind in choice.values:
            if (choice.id, kind) in values:
                yield Said(
                    f"`{choice.id}` has values for the same accounts twice", _ONCE, (choice.index,)
                )
            values.add((choice.id, kind))
    for name, choice in own.items():
        if any(other.id == name and other.file is None for other in choices):
            summary = f"`{name}` is the name of a policy and of another entry"
            yield Said(summary, "give the policy another name", (choice.index, "policy"))


_ONCE = "say it in one entry, or for other places (`in`)"
