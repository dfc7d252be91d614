"""What the driver of a build says, line by line: log, phases, and answers to its questions.

One for each build, called from the thread that reads the build's output. It decides nothing about
the order of steps: that is the driver's.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path

from landrail.localaws.services.codebuild import plan
from landrail.localaws.services.codebuild.buildspec import Buildspec
from landrail.localaws.services.codebuild.failing import Failed
from landrail.localaws.services.codebuild.logs import BuildLog
from landrail.localaws.services.codebuild.phases import NAMES, Phases

_TAIL = 200
_CODE = "COMMAND_EXECUTION_ERROR"


class Following:
    """A build's output as it comes. `failure` is why the build fails, `over` whether the driver
    came to its end, `built` whether the phase BUILD was entered."""

    def __init__(
        self,
        folder: Path,
        nonce: str,
        spec: Buildspec,
        steps: plan.Plan,
        log: BuildLog,
        phases: Phases,
        keep: Callable[[], None],
        restore: Callable[[], None],
        stopped: Callable[[], bool],
    ) -> None:
        self._folder, self._nonce, self._spec, self._steps = folder, nonce + " ", spec, steps
        self._log, self._phases, self._keep, self._restore = log, phases, keep, restore
        self._stopped = stopped
        self._tail: deque[str] = deque(maxlen=_TAIL)
        self._tried: dict[str, int] = {}
        self._error = ""
        self._at = "0"
        self.failure: Failed | None = None
        self.built = False
        self.over = False
        self._marks: Mapping[str, Callable[[list[str]], None]] = {
            "START": self._started,
            "COMMAND": self._command,
            "FAILED": self._failed,
            "END": self._ended,
            "ASK": self._asked,
            "OVER": self._end,
        }

    def line(self, text: str) -> None:
        """Take one line of output."""
        before, found, signal = text.partition(self._nonce)
        if before or not found:
            self._log.line(before)
            self._tail.append(before)
        # What a build says of itself while it is being ended is not what happened to it.
        if found and not self._stopped():
            word, *rest = signal.split(" ")
            self._marks[word](rest)

    def killed(self, why: str, status: int) -> None:
        """Fail the phase under way: its command was killed, and the shell with it."""
        self._log.say(why)
        self._failed([self._at, str(status)])
        self._fail()
        self.failure = Failed(_CODE, self._error)

    def _started(self, rest: list[str]) -> None:
        self._phases.begin(NAMES[rest[0]])
        self.built = self.built or rest[0] == "build"
        self._error = ""
        self._log.say(f"Entering phase {NAMES[rest[0]]}")
        self._keep()

    def _command(self, rest: list[str]) -> None:
        self._tail.clear()
        self._at = rest[0]
        self._log.say(f"Running command {self._steps.commands[int(rest[0])]}")

    def _failed(self, rest: list[str]) -> None:
        command = self._steps.commands.get(int(rest[0]), "")
        self._log.say(f"Command did not exit successfully {command} exit status {rest[1]}")
        self._error = self._error or (
            f"Error while executing command: {command}. Reason: exit status {rest[1]}"
        )

    def _ended(self, rest: list[str]) -> None:
        phase, status = rest
        name = NAMES[phase]
        self._log.say(f"Phase complete: {name} State: {status}")
        if status == "SUCCEEDED":
            self._phases.end()
            self._log.say("Phase context status code:  Message: ")
        else:
            self._fail()
            how = self._spec.phases[phase].on_failure
            if self.failure is None and (how is None or how.word != "CONTINUE"):
                self.failure = Failed(_CODE, self._error)
        self._keep()

    def _fail(self) -> None:
        self._phases.end("FAILED", _CODE, self._log.hidden(self._error))
        self._log.say(f"Phase context status code: {_CODE} Message: {self._error}")

    def _asked(self, rest: list[str]) -> None:
        if rest[0] == "CACHE":
            self._restore()
            plan.answer(self._folder, "done")
            return
        phase = rest[1]
        how = self._spec.phases[phase].on_failure
        tried = self._tried[phase] = self._tried.get(phase, 0) + 1
        again = bool(how and tried <= how.count and self._matches(how.pattern))
        if again and how:
            self._log.say(f"Retrying phase {NAMES[phase]} ({tried} of {how.count})")
            self._error = ""
        plan.answer(self._folder, "yes" if again else "no")

    def _matches(self, pattern: str) -> bool:
        """Whether the error, or what the failed command wrote, is one to try again after."""
        return any(re.search(pattern, text) for text in (self._error, "\n".join(self._tail)))

    def _end(self, rest: list[str]) -> None:
        del rest
        self.over = True
