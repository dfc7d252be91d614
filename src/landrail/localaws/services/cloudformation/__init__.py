"""CloudFormation: templates carried out by API calls, each under the stack's role."""

from landrail.localaws.services.cloudformation.service import CloudFormation

__all__ = ["CloudFormation"]
