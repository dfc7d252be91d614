"""Fix: a notebook that is stopped starts next time without root, and with IMDSv2 only."""

from __future__ import annotations

from landrail.inventory import Ask
from landrail.rules.fix import Call, Fix, NotSafe, Subject

_STOPPED = ("Stopped", "Failed")


def _calls(ask: Ask, subject: Subject) -> tuple[Call, ...]:
    name = subject.arn.rpartition("/")[2] or subject.resource_id
    found = ask("sagemaker", "DescribeNotebookInstance", NotebookInstanceName=name)
    if found.get("NotebookInstanceStatus") not in _STOPPED:
        raise NotSafe("somebody may be at work in the notebook: stop it first")
    given = {
        "NotebookInstanceName": name,
        "RootAccess": "Disabled",
        "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
    }
    return (Call("sagemaker", "UpdateNotebookInstance", given),)


FIX = Fix(
    rules=("sagemaker-notebook-instance-root-access-check", "sagemaker-notebook-imdsv2"),
    says="start the notebook next time without root and with IMDSv2 only",
    calls=_calls,
    actions=("sagemaker:UpdateNotebookInstance",),
)
