"""Being in an account's network: an address of the local AWS that stands for a machine there.

On AWS this is a machine in the VPC, a Studio space or a workspace say. Locally it is a listener of
the local AWS for one process and those below it, which ends with the process.
"""

from __future__ import annotations

from dataclasses import dataclass

from landrail.aws.entering import Entrances
from landrail.diagnostics import Diagnostic, Failure, Mistakes, nearest
from landrail.operations.server import Server
from landrail.operations.signin import Session, account_ids
from landrail.resources import Account, Stack, Wanted

_PAGE = "/_landrail/network"


@dataclass(frozen=True, slots=True)
class Place:
    """A machine's place in an account's VPC, and the local AWS's address for it."""

    account: str
    endpoint: str
    vpc: str
    address: str


def place_in(
    server: Server,
    entrances: Entrances,
    wanted: Wanted,
    session: Session,
    region: str,
    network: str,
    pid: int,
) -> Place:
    """Put a process into a network: `ACCOUNT`, or `ACCOUNT/VPC-OR-SUBNET` where there are several;
    raises Mistakes for an account that the file does not have, Failure where it has no network."""
    account, _, place = network.partition("/")
    names = [made.name for made in wanted.of_kind(Account)]
    if account not in names:
        near = nearest(account, names)
        hint = f"did you mean `{near}`? " if near else ""
        raise Mistakes(
            [
                Diagnostic(
                    f"--network: there is no account `{account}`",
                    f"{hint}accounts with a network: {', '.join(_with_network(wanted)) or 'none'}",
                )
            ]
        )
    answer = server.post(
        _PAGE,
        {
            "account": account_ids(entrances, wanted, account)[account],
            "region": region,
            "place": place or None,
            "role": session.role_arn,
            "pid": pid,
        },
    )
    if "endpoint" not in answer:
        raise Failure(
            f"--network {network}: {answer.get('error', 'refused')}",
            f"accounts with a network: {', '.join(_with_network(wanted)) or 'none'}",
        )
    return Place(account, answer["endpoint"], answer["vpc"], answer["address"])


def _with_network(wanted: Wanted) -> list[str]:
    return [
        stack.account
        for stack in wanted.of_kind(Stack)
        if any(
            made["Type"] == "AWS::EC2::VPC" for made in stack.template.get("Resources", {}).values()
        )
    ]
