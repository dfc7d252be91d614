"""Where a child process finds its programs: a script for aws-cli first, then this installation's.

The first version of aws-cli asks a few services (SQS is one) at names of its own, over HTTPS,
whatever AWS_ENDPOINT_URL says: that would leave the machine. The script gives it the endpoint, and
leads requests to an access point of S3 by its ARN to the proxy.
"""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

_SCRIPT = """\
#!/bin/sh
# aws-cli 1 asks these services at names of its own, whatever AWS_ENDPOINT_URL says.
skip= command=
for word in "$@"; do
  case "$word" in
    --endpoint-url | --endpoint-url=*) exec {aws} "$@" ;;
    # An access point stands before the host name, which no address can carry: by the proxy.
    *arn:aws*:accesspoint[/:]*)
      export AWS_ENDPOINT_URL_S3="http://s3.$AWS_REGION.amazonaws.com" ;;
  esac
done
for word in "$@"; do
  if [ -n "$skip" ]; then skip=; continue; fi
  case "$word" in
    --debug | --no-* | --version | --*=*) ;;
    --*) skip=1 ;;
    *) command=$word; break ;;
  esac
done
case "$command" in
  docdb | emr | health | neptune | rds | sqs)
    exec {aws} "$@" --endpoint-url "$AWS_ENDPOINT_URL" ;;
esac
exec {aws} "$@"
"""


def search_path(state: Path) -> str:
    """Return PATH for a child process, with the script in the state folder."""
    own = (state / "bin").resolve()
    after = [p for p in os.environ.get("PATH", "").split(os.pathsep) if p and Path(p) != own]
    places = [str(Path(sys.executable).parent), *after]
    aws = shutil.which("aws", path=os.pathsep.join(places))
    if aws is None:
        return os.pathsep.join(places)
    own.mkdir(mode=0o700, exist_ok=True)
    script = _SCRIPT.format(aws=shlex.quote(aws))
    file = own / "aws"
    if not file.exists() or file.read_text(encoding="utf-8") != script:
        new = own / f".aws-{os.getpid()}"
        new.write_text(script, encoding="utf-8")
        new.chmod(0o700)
        new.replace(file)
    return os.pathsep.join((str(own), *places))
