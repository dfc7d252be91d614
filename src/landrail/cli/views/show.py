"""What stands, as lines for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from landrail.cli import screen
from landrail.diagnostics import counted
from landrail.operations.show import Shown, ShownAccount, ShownModel


def show_lines(shown: Shown) -> Iterator[str]:
    """Yield tree, roles, guardrails and models."""
    document = shown.project.document
    yield f"platform  {document.platform}   {len(shown.accounts)} accounts   {shown.organization}"
    yield ""
    yield from _tree(shown)
    yield ""
    yield "roles"
    yield from _roles(shown)
    yield ""
    yield "guardrails"
    for policy in shown.policies:
        where = ", ".join(policy.targets) or screen.yellow("attached nowhere")
        yield f"  {policy.name}   on {where}"
        yield from _folded(", ".join(policy.statements), "    ")
    yield ""
    yield "models" if shown.models else "models  none in the file"
    for model in shown.models:
        yield from _model(model)


def show_data(shown: Shown) -> dict[str, Any]:
    """Return the JSON twin."""
    return {
        "platform": shown.project.document.platform,
        "organization": shown.organization,
        "units": shown.units,
        "accounts": [
            {
                "name": a.name,
                "id": a.account_id,
                "kind": a.kind,
                "ou": a.ou,
                "state": a.state,
                "in_file": a.known,
                "stacks": dict(a.stacks),
                **_read_or_reason("roles", a.roles),
            }
            for a in shown.accounts
        ],
        "policies": [
            {"name": p.name, "targets": p.targets, "guardrails": p.statements}
            for p in shown.policies
        ],
        "models": [
            {
                "name": m.name,
                "team": m.team,
                **_read_or_reason("versions", m.versions),
                "endpoints": {
                    account: _read_or_reason("endpoints", found)
                    for account, found in m.endpoints.items()
                },
            }
            for m in shown.models
        ],
    }


def _read_or_reason(name: str, read: Any) -> dict[str, Any]:
    return {name: None, "not_readable": read} if isinstance(read, str) else {name: read}


def _tree(shown: Shown) -> Iterator[str]:
    rows: list[tuple[str, str, str, str]] = []
    rows.append(("root", "", "", ""))
    rows += [_row(a, 1) for a in shown.accounts if a.ou is None]
    for unit in shown.units:
        depth = unit.count("/") + 1
        rows.append(("  " * depth + unit.rpartition("/")[2] + "/", "", "", ""))
        rows += [_row(a, depth + 1) for a in shown.accounts if a.ou == unit]
    yield from screen.table(rows)


def _row(account: ShownAccount, depth: int) -> tuple[str, str, str, str]:
    words = "" if account.state == "ACTIVE" else account.state.lower()
    if not account.known:
        words = f"{words} not in the file".strip()
    if account.stacks:
        broken = [n for n, s in account.stacks.items() if not s.endswith("_COMPLETE")]
        words = f"{words} {counted(len(account.stacks), 'stack')}".strip()
        words += f", {len(broken)} not complete" if broken else ""
    return ("  " * depth + account.name, account.account_id, account.kind or "?", words)


def _roles(shown: Shown) -> Iterator[str]:
    for account in shown.accounts:
        if isinstance(account.roles, str):
            yield from _folded(f"{account.name}: {account.roles}", "  ")
        else:
            yield from _folded(f"{account.name}: {', '.join(account.roles) or 'none'}", "  ")


def _model(model: ShownModel) -> Iterator[str]:
    if isinstance(model.versions, str):
        versions = model.versions
    elif model.versions:
        newest = model.versions[0]
        versions = f"v{newest['version']} {newest['status']} ({len(model.versions)} in all)"
    else:
        versions = "no version yet"
    yield f"  {model.name}   team {model.team}   {versions}"
    for account, found in model.endpoints.items():
        if isinstance(found, str):
            yield from _folded(f"{account}: {found}", "    ")
        for endpoint in found if not isinstance(found, str) else ():
            yield f"    {account}: endpoint {endpoint['name']} {endpoint['status']}"


def _folded(text: str, indent: str) -> list[str]:
    return wrap(
        text,
        screen.width(),
        initial_indent=indent,
        subsequent_indent=indent + "  ",
        break_on_hyphens=False,
    )
