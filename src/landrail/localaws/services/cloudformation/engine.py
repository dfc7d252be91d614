"""Operations on stacks, each in a thread of its own: begun, cancelled, taken up after a restart."""

from __future__ import annotations

import threading

from landrail.localaws.api import Platform
from landrail.localaws.services.cloudformation.acting import Actor
from landrail.localaws.services.cloudformation.making import Maker, Stopped
from landrail.localaws.services.cloudformation.operation import Operation
from landrail.localaws.services.cloudformation.parameters import hidden
from landrail.localaws.services.cloudformation.stacks import Resource, Stack, Stacks
from landrail.localaws.services.cloudformation.template import URL_LIMIT, parse


class Engine:
    """Runs the operations; at most one on a stack at a time."""

    def __init__(self, platform: Platform, stacks: Stacks) -> None:
        self._platform = platform
        self._stacks = stacks
        self._closing = threading.Event()
        self._threads: dict[str, threading.Thread] = {}
        self._cancelled: set[str] = set()

    def begin(self, stack: Stack) -> None:
        """Carry out what the stack's status says, in a thread."""
        thread = threading.Thread(
            target=self._run, args=(stack,), name=f"stack {stack.name}", daemon=True
        )
        self._threads[stack.id] = thread
        thread.start()

    def cancel(self, stack: Stack) -> None:
        """Begin nothing more of the operation under way: it fails and rolls back."""
        self._cancelled.add(stack.id)

    def wait(self, stack: Stack) -> None:
        """Return when the operation under way has ended."""
        thread = self._threads.get(stack.id)
        if thread is not None:
            thread.join()

    def start(self) -> None:
        """Take up every operation that was under way when the server ended."""
        self._closing.clear()
        for stack in self._stacks.all():
            if stack.busy:
                self.begin(stack)

    def stop(self) -> None:
        """Let the calls under way finish, begin no more, and leave the rest for `start`."""
        self._closing.set()
        for thread in list(self._threads.values()):
            thread.join()

    def actor(self, stack: Stack) -> Actor:
        """Return who acts for a stack's goal."""
        return Actor(self._platform, stack.goal, stack.region, stack.id)

    def maker(self, stack: Stack, resources: dict[str, Resource], actor: Actor) -> Maker:
        """Return the maker of a stack's resources."""
        return Maker(self._stacks, stack, actor, resources, self._closing, _masks(stack))

    def _run(self, stack: Stack) -> None:
        """Go from phase to phase; whatever the thread meets, the name is free for the next."""
        try:
            while stack.busy and not self._closing.is_set():
                actor = self.actor(stack)
                resources = self._stacks.resources(stack)
                maker = self.maker(stack, resources, actor)
                Operation(
                    self._stacks,
                    stack,
                    resources,
                    maker,
                    actor,
                    lambda: stack.id in self._cancelled or self._closing.is_set(),
                ).phase()
                if self._closing.is_set():
                    return
                self._cancelled.discard(stack.id)
        except Stopped:
            return  # recorded as under way: `start` takes it up
        finally:
            self._threads.pop(stack.id, None)


def _masks(stack: Stack) -> list[str]:
    template = parse(stack.goal.template, URL_LIMIT)
    return [v for name, v in stack.goal.parameters.items() if hidden(template, name)]
