"""`landrail can`: may somebody do this?"""

from __future__ import annotations

from pathlib import Path

import click

from landrail.cli import screen
from landrail.cli.options import file_option, json_option
from landrail.cli.views.explain import explain_data, explain_lines, verdict_lines
from landrail.operations.can import can

DENIED = 1


@click.command("can")
@file_option
@click.argument("who", metavar="AS")
@click.argument("action", metavar="ACTION")
@click.argument("resource", metavar="RESOURCE", default="*")
@click.option("--context", multiple=True, metavar="KEY=VALUE", help="A condition key; repeatable.")
@click.option("--explain", is_flag=True, help="Tell what each layer of policies says.")
@json_option
def can_command(
    file: Path,
    who: str,
    action: str,
    resource: str,
    context: tuple[str, ...],
    explain: bool,
    as_json: bool,
) -> int:
    """Ask the local AWS whether AS may do ACTION on RESOURCE, without doing it.

    AS is WHO@ACCOUNT as for `landrail as`, or the ARN of a role, user or session. RESOURCE is an
    ARN, in which an account may be named as in the file, a short name, or * where it is left out.
    Ends with 0 where it is allowed and with 1 where it is denied.

      landrail can ana@retail-data-science s3:GetObject flights-data/2008.csv
    """
    answer = can(file, who, action, resource, context)
    if as_json:
        screen.emit({"allowed": answer.allowed, **explain_data(answer.explained)})
    else:
        screen.say(f"target  local (.landrail, {answer.explained.server.address})")
        told = explain_lines if explain else verdict_lines
        for line in told(answer.explained):
            screen.say(line)
    return 0 if answer.allowed else DENIED
