"""The pages against the product: links lead somewhere, commands and options are those there are."""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
import pytest

from landrail.cli.entry import root
from landrail.compiler import wanted_of
from landrail.guardrails.page import page
from landrail.operations.demo.report import counted
from landrail.operations.people import ways
from landrail.resources import Stack, Wanted
from landrail.spec.load import load

ROOT = Path(__file__).parents[2]
_WHERE = ("*.md", "docs/**/*.md", "changes/*.md", "examples/**/*.md")
PAGES = sorted(page for pattern in _WHERE for page in ROOT.glob(pattern))
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_SPAN = re.compile(r"`(landrail [^`\n]+)`")
_PASTED = re.compile(r"^\s*(?:\$ )?(landrail [^#\n…]+)", re.M)
_OWN = frozenset({"-f", "--file", "-h", "--help"})
_PLACE = re.compile(r"`([a-z_]+(?:/[a-z_]+)*(?:/|\.py))`")


def names(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", page.read_text(encoding="utf-8"))):
        if "://" in target:
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=names)
def test_commands_that_pages_name_are_there(page: Path) -> None:
    for line in _commands(page):
        assert (wrong := _wrong(line)) is None, f"{line}: {wrong}"


def test_the_command_line_page_has_every_command_and_option() -> None:
    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    for path, command in _all(root, ()):
        assert f"`{' '.join(path)}" in text, path
        for option in _options(command) - _OWN - {"--json", "--version"}:
            assert f"`{option}" in text, (*path, option)


def test_places_that_the_architecture_names_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text[text.index("## Where to put a new thing") :]
    source = ROOT / "src" / "landrail"
    for place in _PLACE.findall(table):
        above = (
            ROOT,
            source,
            source / "spec",
            source / "localaws",
            *source.rglob("cloudformation"),
        )
        assert any((folder / place).exists() for folder in above), place


def test_the_local_aws_page_names_every_variable_that_is_set() -> None:
    source = (ROOT / "src/landrail/operations/enter.py").read_text(encoding="utf-8")
    text = (ROOT / "docs/local-aws.md").read_text(encoding="utf-8")
    set_there = set(re.findall(r'"((?:AWS|LANDRAIL|GIT)_[A-Z0-9_]+|\w+_proxy|PATH)":', source))
    assert len(set_there) > 15
    assert [name for name in sorted(set_there) if f"`{name}`" not in text] == []


def test_the_page_of_guardrails_is_up_to_date() -> None:
    kept = (ROOT / "docs" / "guardrails.md").read_text(encoding="utf-8")
    assert kept == page(), "run `python -m landrail.guardrails > docs/guardrails.md`"


def test_the_platform_page_has_every_role_and_stack_of_the_example() -> None:
    text = (ROOT / "docs/platform.md").read_text(encoding="utf-8")
    wanted = _example()
    roles = {_general(way.role) for way in ways(wanted)}
    stacks = {_general(one.name.removeprefix("landrail-")) for one in wanted.of_kind(Stack)}
    assert [name for name in sorted(roles | stacks) if f"`{name}`" not in text] == []


def test_the_readme_tells_the_figures_of_the_example() -> None:
    told = counted(_example())
    line = (
        f"{told['accounts']} accounts · {told['resources']:,} resources · "
        f"{told['guardrails']} guardrails ({told['policies']} policies, {told['rules']} rules)"
    )
    assert line in (ROOT / "README.md").read_text(encoding="utf-8")


@cache
def _example() -> Wanted:
    file = ROOT / "examples/airline/landrail.yaml"
    return wanted_of(load(file.read_bytes(), str(file)))


def _general(name: str) -> str:
    """Put the words of the pages in the place of the example's names."""
    given = {"punctuality|freight": "TEAM", "passengers|cargo": "LOB", "ana|ben|cal": "PERSON"}
    given |= {"flights|shipments": "NAME", "delays": "MODEL"}
    for names_there, word in given.items():
        name = re.sub(rf"(?<=-)({names_there})(?=-|$)", word, name)
    return name


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", one.lower()).replace(" ", "-") for one in headings}


def _commands(page: Path) -> Iterator[str]:
    text = page.read_text(encoding="utf-8").replace("\\\n", " ")
    for fence in _FENCE.findall(text):
        yield from _PASTED.findall(fence)
    yield from _SPAN.findall(_FENCE.sub("", text))


def _wrong(line: str) -> str | None:
    """Say what of a command line is not there; words in capitals and `...` stand for anything."""
    words = shlex.split(line.split("   ")[0].replace("'", ""))[1:]
    words = words[: words.index("--")] if "--" in words else words
    command: click.Command = root
    for word in words:
        if word.startswith("-"):
            if word not in _options(command) | _options(root):
                return f"no option {word}"
        elif isinstance(command, click.Group) and word not in ("...", "…") and not word.isupper():
            found = command.get_command(click.Context(command), word)
            if found is None:
                return f"no command {word}"
            command = found
    return None


def _all(
    group: click.Group, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from _all(command, (*path, name))


def _options(command: click.Command) -> set[str]:
    found = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
    return found | {"-h", "--help"}
