"""Which guardrails are in force where, and how: the sets and entries of the file, resolved.

An entry for an OU is stronger than one for a kind of account, that stronger than one for
everywhere; where no entry speaks, the set holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from landrail.compiler import names
from landrail.guardrails import EVERYWHERE, Facts, Guardrail, guardrails
from landrail.guardrails.statements import Statement, fixed
from landrail.spec import Platform
from landrail.spec.choices import EVERY_KIND, RECOMMENDED, Choice, Mode
from landrail.spec.landing_zone import EXECUTION_ROLE
from landrail.spec.policy_files import PolicyFile


@dataclass(frozen=True, slots=True)
class Chosen:
    """The guardrails that the file speaks of, in the order of the catalogue, the enterprise's own
    last; `choices` has the entries of each; `elsewhere` the guardrails whose statements Control
    Tower keeps in force below an OU."""

    guardrails: tuple[Guardrail, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    recommended: bool
    facts: Facts
    own: Mapping[str, PolicyFile] = field(default_factory=dict)
    elsewhere: frozenset[tuple[str, str]] = frozenset()

    def mode(self, guardrail: Guardrail, kind: str, ou: str | None) -> Mode | None:
        """Return how a guardrail is in force in accounts of a kind in an OU; None: it is not."""
        found = self.said(guardrail, kind, ou)
        if found is not None:
            return found.mode
        return "enforce" if self._by_set(guardrail, kind) else None

    def said(self, guardrail: Guardrail, kind: str, ou: str | None) -> Choice | None:
        """Return the entry that decides about a guardrail there; None where it is the set."""
        entries = self.choices.get(guardrail.id, ())
        found: tuple[int, Choice] | None = None
        for entry in entries:
            for strength in self._strengths(guardrail, entry, kind, ou):
                if found is None or strength > found[0]:
                    found = strength, entry
        return found[1] if found else None

    def in_force(self, kind: str, ou: str | None) -> Iterator[tuple[Guardrail, Mode]]:
        """Yield what is in force in accounts of a kind in an OU, what is off left out."""
        for guardrail in self.guardrails:
            mode = self.mode(guardrail, kind, ou)
            if mode in ("enforce", "monitor"):
                yield guardrail, mode

    def facts_for(self, kind: str) -> Facts:
        """Return what guardrails are told for a kind of account."""
        return replace(self.facts, kind=kind)

    def paths_named(self) -> frozenset[str]:
        """Return the paths of OUs that entries name."""
        places = (p for entries in self.choices.values() for e in entries for p in e.places)
        return frozenset(place for place in places if place[:1].isupper())

    def place(self, guardrail: str) -> tuple[str | int, ...]:
        """Return where the file speaks of a guardrail: its last entry, or the set's."""
        entries = self.choices.get(guardrail) or self.choices.get(RECOMMENDED) or ()
        return entries[-1].path if entries else ("guardrails",)

    def own_sids(self, guardrail: str) -> tuple[str, ...]:
        """Return the Sids of the statements of a policy of one's own, in the order of its file."""
        made = _own_statements(guardrail, self.own[guardrail].statements)
        return tuple(str(statement["Sid"]) for statement in made)

    def _by_set(self, guardrail: Guardrail, kind: str) -> bool:
        return self.recommended and guardrail.recommended and _is_for(guardrail, kind)

    def _strengths(
        self, guardrail: Guardrail, entry: Choice, kind: str, ou: str | None
    ) -> Iterator[int]:
        for place in entry.places:
            if place == kind:
                yield 1
            elif ou is not None and (ou == place or ou.startswith(f"{place}/")):
                yield 2 + place.count("/")
        if not entry.places and _is_for(guardrail, kind) and self._has_values(guardrail, kind):
            yield 0

    def _has_values(self, guardrail: Guardrail, kind: str) -> bool:
        """Values by kind alone say nothing of other kinds."""
        values = self.facts.options.get(guardrail.id, {})
        return not values or EVERY_KIND in values or kind in values


def chosen(platform: Platform) -> Chosen:
    """Resolve the file's `guardrails`; ids that are not known are left out, see `unknown`."""
    entries: dict[str, tuple[Choice, ...]] = {}
    for choice in platform.guardrails:
        entries[choice.id] = (*entries.get(choice.id, ()), choice)
    recommended = RECOMMENDED in entries
    catalogue = tuple(
        g for g in guardrails().values() if g.id in entries or (recommended and g.recommended)
    )
    source = platform.source
    files = source.policies if source is not None else {}
    own = tuple(_own(one, files[one.id]) for one in platform.guardrails if one.id in files)
    return Chosen(
        guardrails=(*catalogue, *own),
        choices=entries,
        recommended=recommended,
        facts=Facts(
            names.bucket_prefix(platform.platform),
            platform.region,
            options=_options(platform),
            powers=_powers(platform),
        ),
        own=files,
    )


def _powers(platform: Platform) -> tuple[str, ...]:
    """The role of Control Tower, where it works in the accounts or soon will."""
    return (f"arn:aws:iam::*:role/{EXECUTION_ROLE}",) if platform.lets_tower_in else ()


def unknown(platform: Platform) -> tuple[Choice, ...]:
    """Return the entries whose guardrail or policy file there is not: a file that was loaded has
    none."""
    found = chosen(platform)
    known = {guardrail.id for guardrail in found.guardrails}
    return tuple(c for c in platform.guardrails if not c.is_set and c.id not in known)


def _options(platform: Platform) -> dict[str, dict[str, tuple[str, ...]]]:
    options: dict[str, dict[str, tuple[str, ...]]] = {}
    for choice in platform.guardrails:
        if choice.values:
            options.setdefault(choice.id, {}).update(choice.values)
    return options


def _is_for(guardrail: Guardrail, kind: str) -> bool:
    return guardrail.kinds == EVERYWHERE or kind in guardrail.kinds


def _own(choice: Choice, file: PolicyFile) -> Guardrail:
    """Return a policy of one's own as a guardrail like the others."""
    statements = fixed(*_own_statements(choice.id, file.statements))
    return Guardrail(
        id=choice.id,
        title=f"a policy of one's own: {file.file}",
        why="the enterprise wants it so",
        severity="high",
        remedy=f"see {file.file}",
        recommended=False,
        service_control=statements if file.type == "scp" else None,
        resource_control=statements if file.type != "scp" else None,
    )


def _own_statements(name: str, statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statements with Sids that begin with the policy's name and keep their own."""
    word = "".join(part.capitalize() for part in name.split("-"))
    for number, statement in enumerate(statements, 1):
        own = "".join(c for c in str(statement.get("Sid", "")) if c.isalnum())
        beginning = own.removeprefix(word) or (str(number) if len(statements) > 1 else "")
        yield {**statement, "Sid": f"{word}{beginning}"}
