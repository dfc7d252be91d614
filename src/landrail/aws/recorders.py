"""Config's recorder in an account: who records it, and taking ours out of its stack.

The rest of the stack stays as it is: what it shall be follows when the account is enrolled.
"""

from __future__ import annotations

import json

from landrail.aws.changesets import Progress, Proposal, execute, propose
from landrail.aws.deploying import entered
from landrail.aws.errors import ChangeFailed
from landrail.aws.sessions import Connection, Identity
from landrail.aws.stacks import SERVICE, describe_stack, tags_of
from landrail.aws.world import World
from landrail.plan.recorders import RECORDER, without_recorder
from landrail.plan.templates import marked, unmarked
from landrail.resources import Address


def observe_recorder(connection: Connection, who: Identity) -> str | None:
    """Return the name of the account's recorder, or None."""
    answer = connection.call(who, "config", "DescribeConfigurationRecorders")
    # One that is linked to a service records for that service alone, and is in nobody's way.
    found = [
        one["name"]
        for one in answer.get("ConfigurationRecorders", ())
        if one.get("recordingScope", "PAID") != "INTERNAL"
    ]
    return str(found[0]) if found else None


def hand_over(world: World, address: Address, progress: Progress) -> None:
    """Take recorder and delivery channel out of a stack of ours."""
    connection, who = world.connection, entered(world, address.scope)
    stack = describe_stack(connection, who, address.name)
    if stack is None:
        return
    answer = connection.call(
        who, SERVICE, "GetTemplate", StackName=address.name, TemplateStage="Original"
    )
    body = answer["TemplateBody"]
    template = unmarked(json.loads(body) if isinstance(body, str) else body)
    if all(one["Type"] != RECORDER for one in template["Resources"].values()):
        raise ChangeFailed(f"stack {address.name} makes no recorder; plan again")
    proposal = Proposal(address.name, marked(without_recorder(template)), tags_of(stack))
    proposed = propose(connection, who, proposal)
    if proposed is not None:
        execute(connection, who, proposed, progress)
