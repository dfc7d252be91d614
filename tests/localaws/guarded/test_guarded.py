"""What breaks guardrails can be done, and is told as it was done: the services that an audit reads
keep the fields that it looks at."""

from __future__ import annotations

from typing import Any

import pytest
from guarded_steps import Case, cases, run


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_what_was_done_is_told(
    case: Case, local_aws: Any, sessions: dict[str, Any], ground: dict[str, Any]
) -> None:
    run(case, lambda service, who: local_aws.client(service, sessions[who]), dict(ground))
