"""From the text of a policy to its rules. What is not supported is refused by name, with its
place."""

from __future__ import annotations

from landrail.localaws.services.config.guard.queries import conditions, value
from landrail.localaws.services.config.guard.syntax import (
    Body,
    Policy,
    Rule,
    Value,
)
from landrail.localaws.services.config.guard.words import NAME, Mistake, Words

_LONGEST = 10_000


def parse(text: str) -> Policy:
    """Read a policy; raises Mistake."""
    words = Words(text)
    if len(text) > _LONGEST:
        raise Mistake(f"a policy has at most {_LONGEST} characters", 1, 1)
    rules: dict[str, Rule] = {}
    variables: dict[str, Value] = {}
    while not words.ended:
        if words.word("let"):
            _let(words, variables)
        elif words.word("rule"):
            rule = _rule(words)
            if rule.name in rules:
                raise words.mistake(f"a second rule called {rule.name}")
            rules[rule.name] = rule
        else:
            raise words.mistake(f"`rule` or `let` expected, not {words.next}")
    if not rules:
        raise words.mistake("a policy needs a rule")
    return Policy(rules, variables)


def _rule(words: Words) -> Rule:
    name = words.name("the name of a rule")
    if words.take(r"\(", close=True):
        raise words.mistake(f"rules with parameters are not supported: {name}(...)")
    when = conditions(words, body, "{") if words.word("when") else None
    words.need("{", "the block of a rule")
    return Rule(name, when, body(words))


def body(words: Words) -> Body:
    """Read what stands between braces, the first of which was taken; raises Mistake."""
    variables: dict[str, Value] = {}
    while words.word("let"):
        _let(words, variables)
    found = conditions(words, body, "}", variables=variables, let=_let)
    words.need("}", "the end of a block")
    if not found and not variables:
        raise words.mistake("an empty block")
    return Body(variables, found)


def _let(words: Words, variables: dict[str, Value]) -> None:
    at = words.at
    name = words.take(NAME)
    if name is None:
        raise words.mistake(f"the name of a variable expected, not {words.next}")
    if words.take(r":?=") is None:
        raise words.mistake(f"`=` expected, not {words.next}")
    if name in variables:
        raise words.mistake(f"a second variable called {name} in one block", at)
    variables[name] = value(words, body)
