"""Change sets: what will happen, said before it does."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .test_stacks import bucket, parameter, role, template


def described(stacks, name: str, change_set: str, **more: Any) -> dict[str, dict[str, Any]]:
    shown = stacks.cloudformation.describe_change_set(
        StackName=name, ChangeSetName=change_set, **more
    )
    return {c["ResourceChange"]["LogicalResourceId"]: c["ResourceChange"] for c in shown["Changes"]}


def test_a_stack_made_by_a_change_set(stacks, unique):
    name = unique("s")
    cloudformation = stacks.cloudformation
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="first",
        ChangeSetType="CREATE",
        TemplateBody=template(P=parameter("x")),
    )
    review = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
    assert review["StackStatus"] == "REVIEW_IN_PROGRESS"
    assert described(stacks, name, "first")["P"]["Action"] == "Add"
    cloudformation.execute_change_set(StackName=name, ChangeSetName="first")
    assert stacks.settled(name)["StackStatus"] == "CREATE_COMPLETE"
    shown = cloudformation.describe_change_set(StackName=name, ChangeSetName="first")
    assert shown["ExecutionStatus"] == "EXECUTE_COMPLETE"
    with pytest.raises(ClientError, match="InvalidChangeSetStatus"):
        cloudformation.execute_change_set(StackName=name, ChangeSetName="first")
    stacks.delete(name)


def test_changes_say_what_is_replaced_and_why(stacks, unique):
    name, old, new = unique("s"), unique("p"), unique("p")
    stacks.create(
        name,
        template(
            Role=role(),
            Moved=parameter("x", Name=old),
            User=parameter({"Ref": "Moved"}),
            Gone=parameter("x"),
            Same=parameter({"Ref": "Role"}),
        ),
    )
    cloudformation = stacks.cloudformation
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="next",
        TemplateBody=template(
            Role=role(Description="d"),
            Moved=parameter("x", Name=new),
            User=parameter({"Ref": "Moved"}),
            Added=parameter("x"),
            Same=parameter({"Ref": "Role"}),
        ),
        Capabilities=["CAPABILITY_IAM"],
    )
    changes = described(stacks, name, "next", IncludePropertyValues=True)
    told = {n: (c["Action"], c.get("Replacement")) for n, c in changes.items()}
    assert told == {
        "Role": ("Modify", "False"),
        "Moved": ("Modify", "True"),
        "User": ("Modify", "False"),
        "Gone": ("Remove", None),
        "Added": ("Add", None),
    }
    detail = changes["Moved"]["Details"][0]
    assert detail["Target"]["Name"] == "Name"
    assert detail["Target"]["RequiresRecreation"] == "Always"
    assert (detail["Target"]["BeforeValue"], detail["Target"]["AfterValue"]) == (old, new)
    cause = changes["User"]["Details"][0]
    assert (cause["Evaluation"], cause["ChangeSource"]) == ("Dynamic", "ResourceReference")
    assert cause["CausingEntity"] == "Moved"
    cloudformation.delete_change_set(StackName=name, ChangeSetName="next")
    with pytest.raises(ClientError, match="ChangeSetNotFound"):
        cloudformation.describe_change_set(StackName=name, ChangeSetName="next")
    stacks.delete(name)


def test_a_change_set_without_changes_fails_and_says_so(stacks, unique):
    name, body = unique("s"), template(P=parameter("x"))
    stacks.create(name, body)
    made = stacks.cloudformation.create_change_set(
        StackName=name, ChangeSetName="none", TemplateBody=body
    )
    shown = stacks.cloudformation.describe_change_set(ChangeSetName=made["Id"])
    assert (shown["Status"], shown["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    stacks.delete(name)


def test_an_obsolete_change_set_is_not_performed(stacks, unique):
    name = unique("s")
    stacks.create(name, template(P=parameter("one")))
    stacks.cloudformation.create_change_set(
        StackName=name, ChangeSetName="late", TemplateBody=template(P=parameter("two"))
    )
    stacks.update(name, template(P=parameter("three")))
    with pytest.raises(ClientError, match="OBSOLETE"):
        stacks.cloudformation.execute_change_set(StackName=name, ChangeSetName="late")
    stacks.delete(name)


def test_a_new_stack_takes_over_what_was_retained(stacks, unique):
    name, kept = unique("s"), unique("bucket")
    body = template(Bucket={**bucket(kept), "DeletionPolicy": "Retain"})
    stacks.create(name, body)
    stacks.delete(name)
    stacks.client("s3").put_bucket_versioning(
        Bucket=kept, VersioningConfiguration={"Status": "Suspended"}
    )
    cloudformation = stacks.cloudformation
    cloudformation.create_change_set(
        StackName=name,
        ChangeSetName="again",
        ChangeSetType="CREATE",
        TemplateBody=body,
        ImportExistingResources=True,
    )
    cloudformation.execute_change_set(StackName=name, ChangeSetName="again")
    assert stacks.settled(name)["StackStatus"] == "CREATE_COMPLETE", stacks.failures(name)
    assert stacks.client("s3").get_bucket_versioning(Bucket=kept)["Status"] == "Enabled"
    stacks.delete(name)
    stacks.client("s3").delete_bucket(Bucket=kept)
