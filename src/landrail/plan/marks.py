"""What Landrail writes on the things it makes, so that it knows them again without a state file.

Names only; reading and writing them is the business of `aws`.
"""

MODEL_TAG = "landrail:model"
"""On the stacks of released models, which the pipelines make and change."""

PLATFORM_TAG = "landrail:platform"
"""On accounts, OUs, policies and stacks: the platform that they belong to."""

NAME_TAG = "landrail:name"
"""On accounts and OUs: the name (an OU's path) in the file, which survives a rename."""

DIGEST_OUTPUT = "LandrailTemplateDigest"
"""An output of every stack with the digest of its template. A tag would be passed on by
CloudFormation to each resource, and every change of a template would touch them all."""

SUSPENDED = "Suspended"
"""The OU of destroyed accounts; the policies attached to it stay after a destroy."""

BASELINE_ROLE = "OrganizationAccountAccessRole"
"""The role that AWS Organizations makes in a new account, closed at the end of vending."""

MANAGEMENT_KIND = "management"
"""The account kind that is adopted, never created, moved or tagged into an OU."""

POLICY_TYPES = (
    "SERVICE_CONTROL_POLICY",
    "RESOURCE_CONTROL_POLICY",
    "S3_POLICY",
    "DECLARATIVE_POLICY_EC2",
    "AISERVICES_OPT_OUT_POLICY",
)
"""The types of organization policies that Landrail makes: read wherever they are switched on, so
that what is no longer wanted is found."""
