"""What a plan says of the policies on its targets: of each type by itself, for each has a quota."""

from __future__ import annotations

from landrail.cli.views.plan import attached_line
from landrail.plan import Action, Change, Plan
from landrail.resources import Address


def change(kind: str, name: str, action: Action = Action.CREATE, **facts: object) -> Change:
    return Change(Address("organization", kind, name), action, facts=facts)


def plan(*changes: Change) -> Plan:
    return Plan(
        platform="p", purpose="apply", file="f", file_digest="d", basis="b", changes=changes
    )


def test_each_type_is_counted_by_itself() -> None:
    control = {"type": "SERVICE_CONTROL_POLICY", "room": 9}
    line = attached_line(
        plan(
            change("policy", "a", Action.NO_OP, **control),
            change("policy", "b", **control),
            change("policy", "r", type="RESOURCE_CONTROL_POLICY", room=4),
            change("policy", "s", type="S3_POLICY"),
            change("attachment", "a -> root", Action.NO_OP),
            change("attachment", "b -> root"),
            change("attachment", "r -> root"),
            change("attachment", "s -> root"),
            change("attachment", "a -> ou/Data"),
        )
    )
    assert line.endswith("at most 1 of 4 resource control, 2 of 9 service control, 1 S3")


def test_what_goes_is_not_counted() -> None:
    line = attached_line(
        plan(
            change("policy", "a", type="SERVICE_CONTROL_POLICY", room=9),
            change("attachment", "a -> root", Action.DELETE),
        )
    )
    assert line.endswith("at most none")
