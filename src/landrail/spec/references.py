"""References between sections: a team's line of business, a model's team, a data set's owner.

Reads the tree, not the validated document, so that one wrong value elsewhere does not hide what is
wrong here. Where the section referred to is itself malformed, nothing is said of references to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.diagnostics import Diagnostic
from landrail.spec.document import LOB_KINDS
from landrail.spec.guardrail_references import guardrail_references
from landrail.spec.tree import Path, Tree
from landrail.spec.view import View


def references(wanted: dict[str, Any], tree: Tree) -> list[Diagnostic]:
    """Return a mistake for each reference that leads nowhere, and for what sections together get
    wrong."""
    view = View(wanted, tree)
    return [
        *_lines(view),
        *_accounts(view),
        *_datasets(view),
        *_models(view),
        *_names(view),
        *_identity(view),
        *guardrail_references(view),
    ]


def _lines(view: View) -> Iterator[Diagnostic]:
    """Yield unknown lines of business, wherever they are named."""
    if view.lobs is None:
        return
    named = dict(view.texts("development") or {})
    used: list[tuple[str, Path]] = list(named.items())
    for team in view.teams or {}:
        lob = view.text("teams", team, "lob")
        if lob is not None:
            used.append((lob, ("teams", team, "lob")))
    for dataset in view.datasets or {}:
        used.extend((view.texts("datasets", dataset, "share") or {}).items())
    for lob, path in used:
        if lob not in view.lobs:
            yield view.unknown("line of business", lob, list(view.lobs), path)


def _accounts(view: View) -> Iterator[Diagnostic]:
    """Yield what is wrong with the entries of `accounts` together."""
    if view.accounts is None:
        return
    shared = []
    for key, entry in view.accounts.items():
        if not isinstance(entry, dict):
            continue
        environments = entry.get("environments", ["prod"])
        if isinstance(environments, list) and environments and "prod" not in environments:
            yield Diagnostic(
                f"account entry `{key}` has no `prod` environment",
                "add `prod` to its environments: pipelines and data that count live there",
                view.place(("accounts", key, "environments")),
            )
        if "id" in entry and isinstance(environments, list) and len(environments) > 1:
            made = ", ".join(f"{key}-{environment}" for environment in environments)
            yield Diagnostic(
                f"`id` is one account, but `{key}` makes {len(environments)}: {made}",
                "adopting is built for entries with one environment",
                view.place(("accounts", key, "id")),
            )
        if entry.get("kind") == "shared-services":
            shared.append(key)
    yield from _one_shared(view, shared)
    yield from _same_id(view)


def _one_shared(view: View, shared: list[str]) -> Iterator[Diagnostic]:
    if (
        view.accounts is not None
        and not shared
        and all(
            isinstance(entry, dict) and entry.get("kind") == "data-management"
            for entry in view.accounts.values()
        )
    ):
        yield Diagnostic(
            "no entry of `accounts` is of kind `shared-services`",
            "add one, like `shared: {kind: shared-services, environments: [prod]}`",
            view.place(("accounts",)),
        )
    for key in shared[1:]:
        yield Diagnostic(
            f"a second entry of kind `shared-services` (`{key}`) is not built yet",
            f"keep one; `{shared[0]}` is the first",
            view.place(("accounts", key)),
        )


def _same_id(view: View) -> Iterator[Diagnostic]:
    seen: dict[str, str] = {}
    for key in view.accounts or {}:
        account = view.text("accounts", key, "id")
        if account is None:
            continue
        if account in seen:
            yield Diagnostic(
                f"account id {account} stands for `{seen[account]}` and `{key}`",
                "an account has one entry",
                view.place(("accounts", key, "id")),
            )
        seen.setdefault(account, key)


def _datasets(view: View) -> Iterator[Diagnostic]:
    for dataset in view.datasets or {}:
        owner = view.text("datasets", dataset, "owner")
        if owner is None or view.accounts is None:
            continue
        path = ("datasets", dataset, "owner")
        entry = view.accounts.get(owner)
        kinds = {k: v.get("kind") for k, v in view.accounts.items() if isinstance(v, dict)}
        owners = [key for key, kind in kinds.items() if kind == "data-management"]
        if owner not in view.accounts:
            yield view.unknown("account", owner, view.all_accounts(), path)
        elif isinstance(entry, dict) and kinds[owner] == "shared-services":
            yield Diagnostic(
                f"`{owner}` is of kind {kinds[owner]}; data sets live in data management",
                f"owners here: {', '.join(owners) or 'none'}",
                view.place(path),
            )


def _models(view: View) -> Iterator[Diagnostic]:
    for model in view.section("models") or {}:
        team = view.text("models", model, "team")
        if team is not None and view.teams is not None and team not in view.teams:
            yield view.unknown("team", team, list(view.teams), ("models", model, "team"))
        yield from _development(view, model, team)
        for keys in (("dataset",), ("batch", "data")):
            yield from _data(view, model, team, keys)


def _data(view: View, model: str, team: str | None, keys: tuple[str, ...]) -> Iterator[Diagnostic]:
    """Yield a data set of a model that there is not, or that its line may not read."""
    path = ("models", model, *keys)
    dataset = view.text(*path)
    if dataset is None or view.datasets is None:
        return
    if dataset not in view.datasets:
        yield view.unknown("data set", dataset, list(view.datasets), path)
        return
    lob = view.text("teams", team, "lob") if team else None
    shared = view.texts("datasets", dataset, "share")
    if lob is not None and shared is not None and lob not in shared:
        yield Diagnostic(
            f"data set `{dataset}` is not shared with `{lob}`, where model `{model}` lives",
            f"add `{lob}` to `share` of data set `{dataset}`",
            view.place(path),
        )


def _development(view: View, model: str, team: str | None) -> Iterator[Diagnostic]:
    """Yield the development stage of a model whose line has no development account."""
    lob = view.text("teams", team, "lob") if team else None
    lines = view.texts("development")
    if view.text("models", model, "development") != "development" or lob is None or lines is None:
        return
    if lob not in lines and lob in (view.lobs or {}):
        yield Diagnostic(
            f"`{lob}` has no development account, in which model `{model}` is to be tried",
            f"add `{lob}` to `development` of the file, or write `data-science` here",
            view.place(("models", model, "development")),
        )


def _names(view: View) -> Iterator[Diagnostic]:
    """Yield accounts that would have the same name."""
    taken = {"management": "the platform", "log-archive": "the platform", "audit": "the platform"}
    for lob in view.lobs or {}:
        for kind in LOB_KINDS:
            taken[f"{lob}-{kind}"] = f"line of business `{lob}`"
    for key, entry in (view.accounts or {}).items():
        environments = entry.get("environments", ["prod"]) if isinstance(entry, dict) else []
        for environment in environments if isinstance(environments, list) else []:
            name = f"{key}-{environment}"
            if name in taken:
                yield Diagnostic(
                    f"account `{name}` would exist twice: {taken[name]} makes it too",
                    f"give the entry `{key}` another name",
                    view.place(("accounts", key)),
                )


def _identity(view: View) -> Iterator[Diagnostic]:
    """Yield what a target on AWS lacks, and what the local AWS has by itself."""
    target = view.at("target")
    if not (isinstance(target, dict) and "aws" in target):
        if view.at("target") in (None, "local") and view.at("identity") is not None:
            yield Diagnostic(
                "the local AWS has an issuer of its own",
                "leave `identity` out while the target is `local`",
                view.place(("identity",)),
            )
        return
    if view.at("identity", "issuer") is None:
        yield Diagnostic(
            "a target on AWS needs `identity` with the `issuer` of people's tokens",
            "add `identity: {issuer: https://..., audience: ...}`",
            view.place(("target",)),
        )
    if view.at("operators") is None:
        yield Diagnostic(
            "a target on AWS needs `operators`: the people who run plan and apply",
            "add `operators: [...]`",
            view.place(("target",)),
        )
