"""CloudFormation templates of one's own, held to the guardrails before CloudFormation sees them.

They are read as they stand: what a template asks for under a condition, or by a value that is known
only in AWS, is not decided here. Nothing is asked of AWS.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from landrail.compiler.guardrails.proactive import Template, check_templates
from landrail.diagnostics import Diagnostic, Mistakes, nearest
from landrail.operations.project import open_project
from landrail.spec import AccountMade, Platform

_PLAIN_TAGS = ("Ref", "Condition")


def check_files(
    file: Path, templates: Sequence[Path], accounts: Sequence[str] = ()
) -> tuple[Diagnostic, ...]:
    """Return what templates have against the guardrails in force in the named accounts, or in all
    accounts of the file; raises Mistakes for accounts and templates that are none."""
    platform = open_project(file).document
    where, wrong = _accounts(platform, accounts)
    read: list[tuple[Path, Mapping[str, Any]]] = []
    for path in templates:
        try:
            read.append((path, _read(path)))
        except Mistakes as mistakes:
            wrong.extend(mistakes.diagnostics)
    if wrong:
        raise Mistakes(wrong)
    return tuple(check_templates(platform, _each(read, where)))


def _each(
    read: Iterable[tuple[Path, Mapping[str, Any]]], accounts: Sequence[AccountMade]
) -> Iterator[Template]:
    for path, content in read:
        for account in accounts:
            yield Template(account, f"{path} for {account.name}", content)


def _accounts(
    platform: Platform, names: Sequence[str]
) -> tuple[tuple[AccountMade, ...], list[Diagnostic]]:
    known = {made.name: made for made in platform.accounts_made()}
    wrong = []
    for name in (name for name in names if name not in known):
        near = nearest(name, known)
        remedy = f"did you mean `{near}`?" if near else f"accounts: {', '.join(known)}"
        wrong.append(Diagnostic(f"there is no account `{name}`", remedy))
    return tuple(known[name] for name in names or known if name in known), wrong


def _read(path: Path) -> Mapping[str, Any]:
    """Return a template with resources that have a type; raises Mistakes."""
    try:
        text = path.read_text(encoding="utf-8")
        read = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise _mistake(path, f"cannot be read: {error.strerror}") from error
    except (ValueError, yaml.YAMLError) as error:
        raise _mistake(path, f"is neither JSON nor YAML: {error}") from error
    resources = read.get("Resources") if isinstance(read, Mapping) else None
    if not isinstance(resources, Mapping) or not resources:
        raise _mistake(path, "has no `Resources`: it is no CloudFormation template")
    untyped = [
        str(name)
        for name, one in resources.items()
        if not isinstance(one, Mapping)
        or not isinstance(one.get("Type"), str)
        or not isinstance(one.get("Properties", {}), Mapping)
    ]
    if untyped:
        raise _mistake(path, f"has resources that are none: {', '.join(untyped)}")
    return {"Resources": resources}


def _mistake(path: Path, says: str) -> Mistakes:
    return Mistakes([Diagnostic(f"{path} {says}", "give a CloudFormation template")])


class _Loader(yaml.SafeLoader):
    """SafeLoader with `!Ref` and its kin, and dates as the text that they are written in."""


def _short(loader: Any, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {name if name in _PLAIN_TAGS else f"Fn::{name}": value}


def _as_written(loader: Any, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_multi_constructor("!", _short)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)
