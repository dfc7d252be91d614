"""Roles of a data-science or development account's people: a role for each team, an execution role
for each scientist, and the role of their jobs.

What a team changes bears its name: jobs, models and endpoints called `TEAM-...`, objects below
`TEAM/` of the workspace bucket.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from landrail.compiler import names, site
from landrail.compiler.parts import access
from landrail.compiler.parts.roles import by_people, by_services, managed_policy, role, roles
from landrail.compiler.parts.templates import Resources, ref, template
from landrail.compiler.sections.release_roles import entrances, release_roles
from landrail.compiler.statements import Statement, allow
from landrail.resources import Stack, account_id
from landrail.spec import Platform
from landrail.spec.document import AccountMade

Named = tuple[str, dict[str, Any]]
_SAGEMAKER = "sagemaker.amazonaws.com"
_SHARED = "experiments"


def compile_science_roles(platform: Platform) -> Iterator[Stack]:
    """Yield the stack of roles of each data-science account."""
    for account in platform.accounts_of("data-science"):
        named = [
            ("job", _job(platform, account)),
            *release_roles(platform, account),
            *_teams(platform, account),
            *_studios(platform, account),
        ]
        made = template(
            "Landrail: roles of data science",
            _shared(platform, account),
            *(
                managed_policy(_team_policy(team), _experiments(platform, account, team))
                for team in _experimenting(platform, account)
            ),
            roles(*named),
        )
        yield site.stack(platform, account.name, "roles", made, after=entrances(platform, account))


def _job(platform: Platform, account: AccountMade) -> dict[str, Any]:
    lob, name = account.lob or "", account.name
    return role(
        "job",
        by_services(name, _SAGEMAKER),
        [
            *access.read_granted(platform, lob),
            *access.pull_images(platform, lob),
            *access.use_bucket(site.workspace_bucket(platform, name), "Workspace"),
            *access.write_logs(platform, name),
            access.network_interfaces(),
        ],
        description="Execution role of experiments",
    )


def _experimenting(platform: Platform, account: AccountMade) -> list[str]:
    teams = site.teams_of(platform, account.lob or "")
    return [team for team in teams if platform.teams[team].scientists]


def _team_policy(team: str) -> str:
    return f"experiments-{team}"


def _policies(teams: list[str]) -> list[dict[str, str]]:
    named = [_SHARED, *(_team_policy(team) for team in teams)]
    return [ref(names.logical_id("policy", names.shorten(n, names.POLICY))) for n in named]


def _teams(platform: Platform, account: AccountMade) -> Iterator[Named]:
    for team in _experimenting(platform, account):
        people = platform.teams[team].scientists
        passed = ["job", *(site.studio_role(person) for person in people)]
        statements = [
            access.pass_roles(account.name, passed, "sagemaker", "PassExecutionRoles"),
            *_studio(platform, account),
            allow("s3:ListAllMyBuckets", "*", sid="FindBuckets"),
        ]
        name = site.team_role("data-scientist", team)
        trust = by_people(platform, account.name, people)
        yield name, role(name, trust, statements, managed=_policies([team]), hours=8)


def _studios(platform: Platform, account: AccountMade) -> Iterator[Named]:
    teams = _experimenting(platform, account)
    for person in site.scientists(platform, account.lob or ""):
        own = [team for team in teams if person in platform.teams[team].scientists]
        name = site.studio_role(person)
        made = role(
            name,
            by_services(account.name, _SAGEMAKER),
            [access.pass_roles(account.name, ["job"], "sagemaker", "PassJobRole")],
            managed=_policies(own),
            description=f"Execution role of {person} alone, so that the trail names a person",
        )
        yield name, made


def _shared(platform: Platform, account: AccountMade) -> Resources:
    """What every scientist of the line has; once, because a template is soon full."""
    name, lob = account.name, account.lob or ""
    statements = [
        *access.read_operations(platform, name),
        *access.read_granted(platform, lob),
        *access.pull_images(platform, lob),
        *access.read_packages(platform),
        *access.write_logs(platform, name),
        access.use_key(
            platform, name, site.WORKSPACE_ALIAS, "WorkspaceKey", services=("s3", "sagemaker")
        ),
        access.grant_key(platform, name, site.WORKSPACE_ALIAS, "WorkspaceVolumes"),
        access.network_interfaces(),
        access.find_network(platform, name),
    ]
    return managed_policy(_SHARED, statements)


def _experiments(platform: Platform, account: AccountMade, team: str) -> list[Statement]:
    bucket = site.workspace_bucket(platform, account.name)
    return [
        *access.run_jobs(platform, account.name, [f"{team}-"]),
        *access.serve_models(platform, account.name, [f"{team}-"]),
        *access.use_bucket(bucket, "Workspace", prefixes=[f"{team}/*"]),
        access.find_groups(platform, account.name, team),
    ]


def _studio(platform: Platform, account: AccountMade) -> list[Statement]:
    # A profile is tagged with its person, and a session's id ends in the person's name: nobody
    # opens another's Studio. Without the tag nothing matches.
    base = f"arn:aws:sagemaker:{platform.region}:{account_id(account.name)}"
    own = {"StringLike": {"aws:userid": f"*:${{aws:ResourceTag/{site.OWNER_TAG}}}"}}
    profiles = f"{base}:user-profile/*"
    return [allow("sagemaker:CreatePresignedDomainUrl", profiles, own, sid="OpenOwnStudio")]
