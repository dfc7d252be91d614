"""Policies on their way into the store: what AWS would refuse to keep is refused here.

Asked after a call was authorized and before anything is stored. What the policy language and the
sizes say comes from `landrail.policy.lint`; here are the operations that bring policies, each
service's own rules and words. Nothing here decides who may call.
"""

from landrail.localaws.gateway.storing.check import check

__all__ = ["check"]
