"""What the audit checks by itself, in the words of guardrails: they are in force in every account,
whatever the file says, and Config knows none of them."""

from __future__ import annotations

from landrail.guardrails import Guardrail

UNKNOWN = Guardrail(
    id="accounts-in-file",
    title="every account in a guarded OU is in the file",
    why="nobody answers for an account that the file does not have",
    severity="high",
    remedy="put the account into the file, or move it to an OU that is not the platform's",
)
MISPLACED = Guardrail(
    id="accounts-in-place",
    title="every account of the file stands in its OU",
    why="an account is under the guardrails of the OU that it stands in, and under no others",
    severity="high",
    remedy="`landrail apply` moves it back",
)
UNREADABLE = Guardrail(
    id="accounts-readable",
    title="every account can be audited",
    why="what is not looked at may be anything",
    severity="high",
    remedy="`landrail apply` makes the role that the audit reads with",
)
RECORDING = Guardrail(
    id="recorder-on",
    title="every account records what is in it",
    why="Config finds nothing in an account whose recorder is off",
    severity="high",
    remedy="`landrail apply` switches the recorder on and sees to its delivery",
)
RECORDER = "config-recorder-on"
"""The rule of `RECORDING`."""
OWN = (UNKNOWN, MISPLACED, UNREADABLE, RECORDING)
"""What the audit checks by itself, whatever the file says."""
