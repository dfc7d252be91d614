"""For every test: nothing of the ambient AWS configuration, and no connection off this machine.

The tests of `e2e` fill the ambient configuration in on purpose; these here must not depend on it.
"""

from __future__ import annotations

import os

from hypothesis import settings

from tests.airline import airline
from tests.e2e.watch import sitecustomize

__all__ = ["airline"]

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.devnull
os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

sitecustomize.watch()

# No test fails for its time: a first example that loads data is slow, not wrong.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
