"""The text of a Config custom policy rule, in Guard: what a rule of our own asks of the resource as
Config records it. The same thing that its predicate says of a row."""

from __future__ import annotations


def guard(name: str, resource_type: str, *clauses: str, when: str = "") -> str:
    """Return a policy that all clauses must hold for resources of a type, and where `when` does."""
    condition = f'resourceType == "{resource_type}"' + (f" {when}" if when else "")
    body = "\n".join(f"    {clause}" for clause in clauses)
    return f"rule {name} when {condition} {{\n{body}\n}}\n"
