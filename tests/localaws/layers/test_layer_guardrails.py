"""Guardrails in force for an account: whom they bind, and that they are those of now."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from layers_store import ALL, HOME, MANAGEMENT, NOW, OBJECT, Store, caller, decide, store, text

from landrail.localaws.layers import Layers
from landrail.policy import Layer


def test_scps_bind_members_and_not_the_management_account() -> None:
    deny = text([*ALL, {"Effect": "Deny", "Action": "s3:*", "Resource": "*"}])
    held = store(levels={"SERVICE_CONTROL_POLICY": (("ou/X", (("guardrail", deny),)),)})
    denied = decide(held, caller(), "s3:GetObject", OBJECT)
    assert denied.layer is Layer.SCP
    assert "`guardrail`" in denied.reason
    assert "attached to ou/X" in denied.reason
    managed = decide(held, caller(MANAGEMENT), "s3:GetObject", OBJECT, account=MANAGEMENT)
    assert managed.allowed


def test_guardrails_are_read_again_when_the_organization_changes() -> None:
    held = store()
    layers = Layers(held, lambda account, region, arn: None)
    asked = (caller(), "s3:GetObject", OBJECT, HOME, NOW)
    assert layers.decide(*asked).allowed
    held.levels = {"SERVICE_CONTROL_POLICY": (("root", ()),)}
    held.version += 1
    assert not layers.decide(*asked).allowed


@dataclass
class Overtaken(Store):
    """A store whose guardrails change while somebody who asked before still reads the old ones."""

    meanwhile: Any = None

    def policy_levels(self, account: str, policy_type: str) -> Any:
        old = super().policy_levels(account, policy_type)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            meanwhile()
        return old


def test_guardrails_read_before_a_change_are_not_kept_after_it() -> None:
    usual = store()
    held = Overtaken(**{item.name: getattr(usual, item.name) for item in fields(usual)})
    layers = Layers(held, lambda account, region, arn: None)
    asked = (caller(), "s3:GetObject", OBJECT, HOME, NOW)

    def changed() -> None:
        held.levels = {"SERVICE_CONTROL_POLICY": (("root", ()),)}
        held.version += 1
        assert not layers.decide(*asked).allowed

    held.meanwhile = changed
    assert layers.decide(*asked).allowed
    assert not layers.decide(*asked).allowed
