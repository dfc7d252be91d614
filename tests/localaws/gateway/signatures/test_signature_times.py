"""When a signature is good: not before its time, not after it, and its date where it may stand.

Source: IAM User Guide, "Troubleshoot AWS Signature Version 4 errors".
"""

from __future__ import annotations

import time

import pytest
from signature_calls import FORM, JSON, WHO
from signed_wire import Wire, signed, stamp


@pytest.mark.parametrize(
    ("call", "seconds", "code"),
    [
        (WHO, -14 * 60, ""),
        (WHO, -16 * 60, "SignatureDoesNotMatch"),
        (WHO, 14 * 60, ""),
        (WHO, 16 * 60, "SignatureDoesNotMatch"),
        (JSON, -16 * 60, "InvalidSignatureException"),
        (JSON, 14 * 60, ""),
    ],
)
def test_a_signature_is_good_for_a_quarter_of_an_hour(local_aws, key, ask, call, seconds, code):
    at = time.time() + seconds
    status, said, message = ask(signed(call, key, local_aws.endpoint, at))
    assert said == code
    if code:
        assert status in (400, 403)
        assert message.startswith(
            "Signature expired: " if seconds < 0 else "Signature not yet current: "
        )


def test_s3_says_it_in_its_own_words(local_aws, key, ask, thing):
    late = signed(thing, key, local_aws.endpoint, time.time() - 3600)
    assert ask(late)[:2] == (403, "RequestTimeTooSkewed")
    assert ask(signed(thing, key, local_aws.endpoint))[0] == 200


def test_the_date_may_stand_in_the_date_header(local_aws, key, ask):
    """In the form of HTTP or of signatures; it must then be signed."""
    now = time.time()
    for text in (stamp(now), time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(now))):
        call = WHO.with_(headers={**FORM, "Date": text})
        wire = signed(call, key, local_aws.endpoint, now, dated=False)
        assert ask(wire)[0] == 200
        late = tuple((n, stamp(now - 60) if n == "Date" else v) for n, v in wire.headers)
        assert ask(Wire(wire.method, wire.target, late, wire.body))[0] == 403
    for text in ("yesterday", "20260101", ""):
        call = WHO.with_(headers={**FORM, "Date": text})
        wire = signed(call, key, local_aws.endpoint, now, dated=False)
        assert ask(wire)[:2] == (400, "IncompleteSignature")
    none = signed(WHO, key, local_aws.endpoint, now, dated=False)
    assert ask(none)[:2] == (400, "IncompleteSignature")
