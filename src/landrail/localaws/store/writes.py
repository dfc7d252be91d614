"""Which operations change state: all but those whose name says that they only read."""

from __future__ import annotations

import re

_READS = re.compile(
    r"(Get|List|Describe|Head|BatchGet|BatchDescribe|BatchList|Search|Lookup|Select|Query|Scan|"
    r"Preview|Estimate|Simulate|Validate|Verify|Check|Filter|Count|Test|Detect|Decode)(?=[A-Z]|$)"
    r"|(Encrypt|Decrypt|ReEncrypt|Sign|GenerateDataKey\w*|GenerateRandom|GenerateMac"
    r"|Invoke\w*)$"
)
# Named like readers, and yet they leave something behind (credentials, messages received).
_WRITES = frozenset({"GetFederationToken", "GetSessionToken", "GetAuthorizationToken"})


def changes_state(operation: str) -> bool:
    """Say whether an operation may change anything."""
    return operation in _WRITES or _READS.match(operation) is None
