"""A small platform by hand, and what AWS would say if all of it stood."""

import dataclasses

from landrail.plan import (
    Given,
    Observed,
    ObservedAccount,
    ObservedAttachment,
    ObservedContents,
    ObservedDefaults,
    ObservedOrganization,
    ObservedPolicy,
    ObservedStack,
    ObservedUnit,
    make_plan,
)
from landrail.plan.organization import account_tags
from landrail.plan.templates import marked
from landrail.resources import (
    Account,
    AccountDefaults,
    Attachment,
    Organization,
    OrganizationalUnit,
    Policy,
    Stack,
    Wanted,
    account_id,
    output,
    substitute,
    tokens,
)

GIVEN = Given("landrail.yaml", "sha256:0")


def bucket(name, **properties):
    return {
        "Type": "AWS::S3::Bucket",
        "DeletionPolicy": "Retain",
        "UpdateReplacePolicy": "Retain",
        "Properties": {"BucketName": name, **properties},
    }


def role(principal):
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": principal}}


def template(**resources):
    return {"Resources": resources}


DENY = {"Sid": "Deny", "Effect": "Deny", "Action": "s3:*", "Resource": "*"}
BASE = template(Platform=role("@{account:management}"))
LAKE = {
    **template(Bucket=bucket("lake"), Reader=role(account_id("uat"))),
    "Outputs": {"Arn": {"Value": "arn"}},
}
JOBS = template(Job=role(output("data", "lake", "Arn")))

WANTED = Wanted(
    "acme",
    "eu-west-1",
    (
        Organization(),
        OrganizationalUnit("Workloads", None),
        OrganizationalUnit("Workloads/UAT", "Workloads"),
        OrganizationalUnit("Suspended", None),
        Account("management", "root@acme.example", None, "management"),
        Account("data", "data@acme.example", "Workloads", "data-management"),
        Account("uat", "uat@acme.example", "Workloads/UAT", "uat"),
        Policy("base", "SERVICE_CONTROL_POLICY", "base", {"Statement": [DENY]}),
        Attachment("base", "root"),
        AccountDefaults("data", "eu-west-1"),
        Stack("management", "eu-west-1", "operator", BASE, entered_by="bootstrap"),
        Stack("data", "eu-west-1", "baseline", BASE, entered_by="OrganizationAccountAccessRole"),
        Stack("uat", "eu-west-1", "baseline", BASE, entered_by="OrganizationAccountAccessRole"),
        Stack("data", "eu-west-1", "lake", LAKE, protected=True),
        Stack("uat", "eu-west-1", "jobs", JOBS),
    ),
)
IDS = {"management": "100000000000", "data": "100000000001", "uat": "100000000002"}


def standing(wanted=WANTED):
    """What is observed when all that is wanted stands."""
    ids = dict(IDS)
    for n, account in enumerate(wanted.of_kind(Account)):
        ids.setdefault(account.name, f"2000000000{n:02d}")
    values = {
        t: ids[t.name]
        for r in wanted.of_kind(Stack)
        for t in tokens(r.template)
        if t.kind == "account"
    }
    values |= {
        t: "arn" for r in wanted.of_kind(Stack) for t in tokens(r.template) if t.kind == "output"
    }
    contents = {}
    for account in wanted.of_kind(Account):
        stacks = {
            s.name: ObservedStack(
                s.name,
                "CREATE_COMPLETE",
                template=marked(substitute(s.template, values)),
                outputs={k: v["Value"] for k, v in s.template.get("Outputs", {}).items()},
                tags={"landrail:platform": "acme"},
                protected=s.protected,
                ours=True,
            )
            for s in wanted.of_kind(Stack)
            if s.account == account.name
        }
        contents[account.name] = ObservedContents(
            ObservedDefaults(True, True, True, True), stacks, False
        )
    return Observed(
        organization=ObservedOrganization(
            "o-1", "r-1", ids["management"], True, ("SERVICE_CONTROL_POLICY",)
        ),
        units={
            u.name: ObservedUnit(f"ou-{n}", u.name, u.name.rpartition("/")[2], True)
            for n, u in enumerate(wanted.of_kind(OrganizationalUnit))
        },
        accounts={
            a.name: ObservedAccount(
                ids[a.name], a.name, a.email, a.ou, tags=account_tags("acme", a)
            )
            for a in wanted.of_kind(Account)
        },
        policies={
            p.name: ObservedPolicy(
                f"p-{p.name}", p.name, p.type, p.description, p.document, ours=True
            )
            for p in wanted.of_kind(Policy)
        },
        attachments=frozenset(
            ObservedAttachment(a.policy, a.target) for a in wanted.of_kind(Attachment)
        ),
        contents=contents,
    )


def changes(wanted=WANTED, observed=None, previews=None, accept=()):
    """Return address -> action of everything that is not a no-op."""
    plan = planned(wanted, observed, previews, accept)
    return {str(c.address): c.action.value for c in plan.changes if c.action.value != "no-op"}


def planned(wanted=WANTED, observed=None, previews=None, accept=()):
    given = dataclasses.replace(GIVEN, accept=frozenset(accept))
    there = standing() if observed is None else observed
    return make_plan(wanted, there, given, previews or {})


def with_stack(observed, account, name, **fields):
    """The observed with fields of one stack changed; `gone=True` takes it away."""
    contents = observed.contents[account]
    stacks = dict(contents.stacks)
    if fields.pop("gone", False):
        del stacks[name]
    else:
        stacks[name] = dataclasses.replace(stacks[name], **fields)
    changed = dataclasses.replace(contents, stacks=stacks)
    return dataclasses.replace(observed, contents={**observed.contents, account: changed})


def wanting(**replaced):
    """The wanted with the templates of stacks `ACCOUNT__NAME` replaced."""
    resources = []
    for resource in WANTED.resources:
        if isinstance(resource, Stack):
            key = f"{resource.account}__{resource.name}"
            if key in replaced:
                resource = dataclasses.replace(resource, template=replaced[key])
        resources.append(resource)
    return dataclasses.replace(WANTED, resources=tuple(resources))
