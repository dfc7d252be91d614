"""Every check there is, in the order of the documentation. `docs/policy-lint.md` is made of it."""

from __future__ import annotations

from collections.abc import Mapping

from landrail.policy.lint import (
    actions,
    contradictions,
    grammar,
    keys,
    kinds,
    places,
    principals,
    resources,
    sizes,
    traps,
    variables,
)
from landrail.policy.lint.finding import Check, Level, Lint
from landrail.policy.lint.understood import not_understood


def _checks(level: Level, checks: Mapping[str, Check]) -> tuple[Lint, ...]:
    return tuple(Lint(name, level, check) for name, check in checks.items())


ERRORS = _checks(
    Level.ERROR,
    {
        "invalid-json": grammar.invalid_json,
        "not-an-object": grammar.not_an_object,
        "duplicate-key": grammar.duplicate_key,
        "unknown-element": grammar.unknown_element,
        "bad-version": grammar.bad_version,
        "bad-id": grammar.bad_id,
        "missing-statement": grammar.missing_statement,
        "bad-effect": grammar.bad_effect,
        "bad-sid": grammar.bad_sid,
        "duplicate-sid": grammar.duplicate_sid,
        "both-elements": grammar.both_elements,
        "missing-action": grammar.missing_action,
        "not-text": grammar.not_text,
        "bad-action": grammar.bad_action,
        "bad-resource": grammar.bad_resource,
        "bad-condition": grammar.bad_condition,
        "duplicate-condition-key": grammar.duplicate_condition_key,
        "unknown-operator": grammar.unknown_operator,
        "null-with-more": grammar.null_with_more,
        "bad-condition-value": grammar.bad_condition_value,
        "not-principal-allows": grammar.not_principal_allows,
        "odd-character": places.odd_character,
        "id-not-allowed": places.id_not_allowed,
        "sid-characters": places.sid_characters,
        "bad-principal": places.bad_principal,
        "principal-not-allowed": places.principal_not_allowed,
        "missing-principal": places.missing_principal,
        "missing-resource": places.missing_resource,
        "resource-not-allowed": places.resource_not_allowed,
        "trust-action": places.trust_action,
        "incomplete-session-arn": places.incomplete_session_arn,
        "organization-version": places.organization_version,
        "rcp-allows": places.rcp_allows,
        "rcp-action": places.rcp_action,
        "rcp-principal": places.rcp_principal,
        "too-large": sizes.too_large,
        "not-understood": not_understood,
    },
)

SECURITY = _checks(
    Level.SECURITY,
    {
        "open-to-everybody": principals.open_to_everybody,
        "not-principal": principals.not_principal,
        "web-identity-without-audience": principals.federated_without_audience,
        "open-subject": principals.open_subject,
        "allow-not-action": actions.allow_not_action,
        "allow-not-resource": actions.allow_not_resource,
        "pass-role-to-all": actions.pass_role_to_all,
        "negated-in-allow": traps.negated_allow,
        "for-all-values-in-allow": keys.for_all_without_null,
        "for-all-values-on-single": keys.for_all_on_single,
        "mfa-deny-without-if-exists": traps.mfa_deny,
        "mfa-allow-if-exists": traps.mfa_allow,
        "open-source-ip": traps.open_source_ip,
    },
)

WARNINGS = _checks(
    Level.WARNING,
    {
        "unknown-service": actions.unknown_service,
        "unknown-action": actions.unknown_action,
        "pattern-matches-nothing": actions.pattern_matches_nothing,
        "unknown-condition-key": keys.unknown_key,
        "key-never-there": keys.key_never_there,
        "wrong-operator-type": keys.wrong_operator_type,
        "missing-set-operator": keys.missing_set_operator,
        "value-never-occurs": keys.value_never_occurs,
        "resource-fits-no-action": resources.resource_fits_no_action,
        "action-fits-no-resource": resources.action_fits_no_resource,
        "wildcard-in-arn-head": resources.wildcard_in_arn_head,
        "bad-partition": resources.bad_partition,
        "bad-region": resources.bad_region,
        "bad-account": resources.bad_account,
        "incomplete-arn": resources.incomplete_arn,
        "never-true": contradictions.never_true,
        "dead-allow": contradictions.dead_allow,
        "variable-in-old-version": variables.variable_in_old_version,
        "unknown-variable": variables.unknown_variable,
        "many-valued-variable": variables.many_valued_variable,
        "misplaced-variable": variables.misplaced_variable,
        "unfinished-variable": variables.unfinished_variable,
        "exact-operator-with-wildcard": traps.exact_operator_with_wildcard,
        "arn-operator-without-arn": traps.principal_arn_not_arn,
        "principal-arn-of-session": traps.principal_arn_of_session,
        "private-source-ip": traps.private_source_ip,
        "source-ip-denies-services": traps.source_ip_denies_services,
        "for-all-values-in-deny": traps.positive_deny,
        "service-without-source": principals.service_without_source,
        "root-in-endpoint-policy": principals.principal_never_calls,
        "rcp-out-of-reach": kinds.rcp_out_of_reach,
        "rcp-hits-services": kinds.rcp_hits_services,
        "gives-itself-more": kinds.gives_itself_more,
        "assumes-any-role": kinds.assumes_any_role,
        "allows-everything": actions.allows_everything,
        "mismatched-trust-action": principals.mismatched_trust,
        "creates-any-service-linked-role": kinds.creates_any_linked_role,
        "services-mixed": kinds.services_mixed,
        "missing-version": kinds.missing_version,
        "old-version": kinds.old_version,
        "deprecated-key": keys.deprecated_key,
        "larger-than-usual": sizes.larger_than_usual,
    },
)

SUGGESTIONS = _checks(
    Level.SUGGESTION,
    {
        "negated-in-deny": traps.negated_deny,
        "set-operator-on-single": keys.set_operator_on_single,
        "string-operator-on-arn": keys.string_operator_on_arn,
        "if-exists-on-present": keys.if_exists_on_present,
        "null-on-present": keys.null_on_present,
        "wildcard-in-partition": resources.wildcard_in_partition,
        "tag-keys-may-be-absent": keys.tag_keys_may_be_absent,
        "anything-matches": traps.anything_matches,
        "redundant-action": actions.redundant_action,
        "redundant-resource": resources.redundant_resource,
        "redundant-value": contradictions.redundant_value,
        "redundant-statement": contradictions.redundant_statement,
        "empty-sid": kinds.empty_sid,
        "empty-condition": kinds.empty_condition,
        "scp-allows-some": kinds.scp_allows_with_condition,
    },
)

CHECKS = (*ERRORS, *SECURITY, *WARNINGS, *SUGGESTIONS)
