"""References between sections: a team's line of business, a model's team, a data set's owner.

Reads the tree, not the validated document, so that one wrong value elsewhere does not hide what is
wrong here. Where the section referred to is itself malformed, nothing is said of references to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from landrail.diagnostics import Diagnostic, SourceRange, nearest
from landrail.spec.document import DEFAULT_ACCOUNTS, LOB_KINDS
from landrail.spec.texts import Text
from landrail.spec.tree import Path, Tree


def references(wanted: dict[str, Any], tree: Tree) -> list[Diagnostic]:
    """Return a mistake for each reference that leads nowhere, and for what sections together get
    wrong."""
    view = _View(wanted, tree)
    return [
        *_lines(view),
        *_accounts(view),
        *_datasets(view),
        *_models(view),
        *_names(view),
        *_identity(view),
    ]


class _View:
    """The tree, asked with care: whatever has the wrong shape is absent."""

    def __init__(self, wanted: dict[str, Any], tree: Tree) -> None:
        self.wanted = wanted
        self.tree = tree
        self.lobs = self.texts("lines_of_business")
        self.teams = self.section("teams")
        self.datasets = self.section("datasets")
        self.accounts = self.section("accounts")
        if "accounts" not in wanted:
            self.accounts = {
                key: {"kind": entry.kind, "environments": list(entry.environments)}
                for key, entry in DEFAULT_ACCOUNTS.items()
            }

    def at(self, *path: str | int) -> Any:
        """Return the value at a path, or None."""
        value: Any = self.wanted
        for part in path:
            if isinstance(value, dict):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str | None:
        """Return the text at a path, or None."""
        value = self.at(*path)
        return str(value) if isinstance(value, Text) and value.tag not in ("bool", "null") else None

    def texts(self, *path: str | int) -> dict[str, Path] | None:
        """Return the texts of a list and their places; None where it is no list."""
        value = self.at(*path)
        if value is None:
            return {}
        if not isinstance(value, list):
            return None
        found: dict[str, Path] = {}
        for index in range(len(value)):
            text = self.text(*path, index)
            if text is not None:
                found.setdefault(text, (*path, index))
        return found

    def section(self, name: str) -> dict[str, Any] | None:
        """Return a mapping of names; None where it is something else."""
        value = self.at(name)
        if value is None or (isinstance(value, Text) and value.tag == "null"):
            return {}
        return value if isinstance(value, dict) else None

    def place(self, path: Path) -> SourceRange | None:
        """Return the range of a value, or of the nearest thing around it."""
        while path and path not in self.tree.ranges:
            path = path[:-1]
        return self.tree.ranges.get(path)

    def unknown(self, what: str, word: str, there: Iterable[str], path: Path) -> Diagnostic:
        """Return the mistake of a reference that leads nowhere."""
        names = list(there)
        near = nearest(word, names)
        remedy = f"did you mean `{near}`? " if near else ""
        plural = "lines of business" if what == "line of business" else f"{what}s"
        return Diagnostic(
            f"{what} `{word}` is not defined",
            f"{remedy}{plural} here: {', '.join(names) or 'none'}",
            self.place(path),
        )


def _lines(view: _View) -> Iterator[Diagnostic]:
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


def _accounts(view: _View) -> Iterator[Diagnostic]:
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


def _one_shared(view: _View, shared: list[str]) -> Iterator[Diagnostic]:
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


def _same_id(view: _View) -> Iterator[Diagnostic]:
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


def _datasets(view: _View) -> Iterator[Diagnostic]:
    for dataset in view.datasets or {}:
        owner = view.text("datasets", dataset, "owner")
        if owner is None or view.accounts is None:
            continue
        path = ("datasets", dataset, "owner")
        entry = view.accounts.get(owner)
        kinds = {k: v.get("kind") for k, v in view.accounts.items() if isinstance(v, dict)}
        owners = [key for key, kind in kinds.items() if kind == "data-management"]
        if owner not in view.accounts:
            yield view.unknown("account", owner, _all_accounts(view), path)
        elif isinstance(entry, dict) and kinds[owner] == "shared-services":
            yield Diagnostic(
                f"`{owner}` is of kind {kinds[owner]}; data sets live in data management",
                f"owners here: {', '.join(owners) or 'none'}",
                view.place(path),
            )


def _all_accounts(view: _View) -> list[str]:
    made = [
        f"{lob}-{kind}"
        for lob in view.lobs or {}
        for kind in LOB_KINDS
        if kind != "development" or lob in (view.texts("development") or {})
    ]
    return [*(view.accounts or {}), *made]


def _models(view: _View) -> Iterator[Diagnostic]:
    for model in view.section("models") or {}:
        team = view.text("models", model, "team")
        if team is not None and view.teams is not None and team not in view.teams:
            yield view.unknown("team", team, list(view.teams), ("models", model, "team"))
        dataset = view.text("models", model, "dataset")
        if dataset is None or view.datasets is None:
            continue
        path = ("models", model, "dataset")
        if dataset not in view.datasets:
            yield view.unknown("data set", dataset, list(view.datasets), path)
            continue
        lob = view.text("teams", team, "lob") if team else None
        shared = view.texts("datasets", dataset, "share")
        if lob is not None and shared is not None and lob not in shared:
            yield Diagnostic(
                f"data set `{dataset}` is not shared with `{lob}`, where model `{model}` lives",
                f"add `{lob}` to `share` of data set `{dataset}`",
                view.place(path),
            )


def _names(view: _View) -> Iterator[Diagnostic]:
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


def _identity(view: _View) -> Iterator[Diagnostic]:
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
