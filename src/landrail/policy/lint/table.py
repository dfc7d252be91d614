"""Every check there is, in the order of the documentation. `docs/policy-lint.md` is made of it."""

from __future__ import annotations

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
from landrail.policy.lint.finding import Level, Lint
from landrail.policy.lint.understood import not_understood

_E, _S, _W, _T = Level.ERROR, Level.SECURITY, Level.WARNING, Level.SUGGESTION

ERRORS = (
    Lint("invalid-json", _E, grammar.invalid_json),
    Lint("not-an-object", _E, grammar.not_an_object),
    Lint("duplicate-key", _E, grammar.duplicate_key),
    Lint("unknown-element", _E, grammar.unknown_element),
    Lint("bad-version", _E, grammar.bad_version),
    Lint("bad-id", _E, grammar.bad_id),
    Lint("missing-statement", _E, grammar.missing_statement),
    Lint("bad-effect", _E, grammar.bad_effect),
    Lint("bad-sid", _E, grammar.bad_sid),
    Lint("duplicate-sid", _E, grammar.duplicate_sid),
    Lint(
        "both-elements",
        _E,
        grammar.both_elements,
    ),
    Lint("missing-action", _E, grammar.missing_action),
    Lint("not-text", _E, grammar.not_text),
    Lint("bad-action", _E, grammar.bad_action),
    Lint("bad-resource", _E, grammar.bad_resource),
    Lint("bad-condition", _E, grammar.bad_condition),
    Lint(
        "duplicate-condition-key",
        _E,
        grammar.duplicate_condition_key,
    ),
    Lint("unknown-operator", _E, grammar.unknown_operator),
    Lint("null-with-more", _E, grammar.null_with_more),
    Lint(
        "bad-condition-value",
        _E,
        grammar.bad_condition_value,
    ),
    Lint("not-principal-allows", _E, grammar.not_principal_allows),
    Lint("odd-character", _E, places.odd_character),
    Lint("id-not-allowed", _E, places.id_not_allowed),
    Lint("sid-characters", _E, places.sid_characters),
    Lint("bad-principal", _E, places.bad_principal),
    Lint(
        "principal-not-allowed",
        _E,
        places.principal_not_allowed,
    ),
    Lint("missing-principal", _E, places.missing_principal),
    Lint("missing-resource", _E, places.missing_resource),
    Lint("resource-not-allowed", _E, places.resource_not_allowed),
    Lint("trust-action", _E, places.trust_action),
    Lint(
        "incomplete-session-arn",
        _E,
        places.incomplete_session_arn,
    ),
    Lint(
        "organization-version",
        _E,
        places.organization_version,
    ),
    Lint("rcp-allows", _E, places.rcp_allows),
    Lint("rcp-action", _E, places.rcp_action),
    Lint("rcp-principal", _E, places.rcp_principal),
    Lint("too-large", _E, sizes.too_large),
    Lint("not-understood", _E, not_understood),
)

SECURITY = (
    Lint("open-to-everybody", _S, principals.open_to_everybody),
    Lint("not-principal", _S, principals.not_principal),
    Lint(
        "web-identity-without-audience",
        _S,
        principals.federated_without_audience,
    ),
    Lint("open-subject", _S, principals.open_subject),
    Lint("allow-not-action", _S, actions.allow_not_action),
    Lint("allow-not-resource", _S, actions.allow_not_resource),
    Lint(
        "pass-role-to-all",
        _S,
        actions.pass_role_to_all,
    ),
    Lint(
        "negated-in-allow",
        _S,
        traps.negated_allow,
    ),
    Lint(
        "for-all-values-in-allow",
        _S,
        keys.for_all_without_null,
    ),
    Lint(
        "for-all-values-on-single",
        _S,
        keys.for_all_on_single,
    ),
    Lint("mfa-deny-without-if-exists", _S, traps.mfa_deny),
    Lint("mfa-allow-if-exists", _S, traps.mfa_allow),
    Lint("open-source-ip", _S, traps.open_source_ip),
)

WARNINGS = (
    Lint("unknown-service", _W, actions.unknown_service),
    Lint("unknown-action", _W, actions.unknown_action),
    Lint(
        "pattern-matches-nothing",
        _W,
        actions.pattern_matches_nothing,
    ),
    Lint("unknown-condition-key", _W, keys.unknown_key),
    Lint(
        "key-never-there",
        _W,
        keys.key_never_there,
    ),
    Lint(
        "wrong-operator-type",
        _W,
        keys.wrong_operator_type,
    ),
    Lint(
        "missing-set-operator",
        _W,
        keys.missing_set_operator,
    ),
    Lint("value-never-occurs", _W, keys.value_never_occurs),
    Lint(
        "resource-fits-no-action",
        _W,
        resources.resource_fits_no_action,
    ),
    Lint(
        "action-fits-no-resource",
        _W,
        resources.action_fits_no_resource,
    ),
    Lint(
        "wildcard-in-arn-head",
        _W,
        resources.wildcard_in_arn_head,
    ),
    Lint("bad-partition", _W, resources.bad_partition),
    Lint("bad-region", _W, resources.bad_region),
    Lint("bad-account", _W, resources.bad_account),
    Lint("incomplete-arn", _W, resources.incomplete_arn),
    Lint("never-true", _W, contradictions.never_true),
    Lint("dead-allow", _W, contradictions.dead_allow),
    Lint(
        "variable-in-old-version",
        _W,
        variables.variable_in_old_version,
    ),
    Lint("unknown-variable", _W, variables.unknown_variable),
    Lint(
        "many-valued-variable",
        _W,
        variables.many_valued_variable,
    ),
    Lint(
        "misplaced-variable",
        _W,
        variables.misplaced_variable,
    ),
    Lint("unfinished-variable", _W, variables.unfinished_variable),
    Lint(
        "exact-operator-with-wildcard",
        _W,
        traps.exact_operator_with_wildcard,
    ),
    Lint(
        "arn-operator-without-arn",
        _W,
        traps.principal_arn_not_arn,
    ),
    Lint(
        "principal-arn-of-session",
        _W,
        traps.principal_arn_of_session,
    ),
    Lint("private-source-ip", _W, traps.private_source_ip),
    Lint(
        "source-ip-denies-services",
        _W,
        traps.source_ip_denies_services,
    ),
    Lint(
        "for-all-values-in-deny",
        _W,
        traps.positive_deny,
    ),
    Lint(
        "service-without-source",
        _W,
        principals.service_without_source,
    ),
    Lint(
        "root-in-endpoint-policy",
        _W,
        principals.principal_never_calls,
    ),
    Lint("rcp-out-of-reach", _W, kinds.rcp_out_of_reach),
    Lint("rcp-hits-services", _W, kinds.rcp_hits_services),
    Lint(
        "gives-itself-more",
        _W,
        kinds.gives_itself_more,
    ),
    Lint("assumes-any-role", _W, kinds.assumes_any_role),
    Lint("allows-everything", _W, actions.allows_everything),
    Lint("mismatched-trust-action", _W, principals.mismatched_trust),
    Lint("creates-any-service-linked-role", _W, kinds.creates_any_linked_role),
    Lint("services-mixed", _W, kinds.services_mixed),
    Lint("missing-version", _W, kinds.missing_version),
    Lint("old-version", _W, kinds.old_version),
    Lint("deprecated-key", _W, keys.deprecated_key),
    Lint("larger-than-usual", _W, sizes.larger_than_usual),
)

SUGGESTIONS = (
    Lint(
        "negated-in-deny",
        _T,
        traps.negated_deny,
    ),
    Lint(
        "set-operator-on-single",
        _T,
        keys.set_operator_on_single,
    ),
    Lint("string-operator-on-arn", _T, keys.string_operator_on_arn),
    Lint(
        "if-exists-on-present",
        _T,
        keys.if_exists_on_present,
    ),
    Lint("null-on-present", _T, keys.null_on_present),
    Lint(
        "wildcard-in-partition",
        _T,
        resources.wildcard_in_partition,
    ),
    Lint(
        "tag-keys-may-be-absent",
        _T,
        keys.tag_keys_may_be_absent,
    ),
    Lint("anything-matches", _T, traps.anything_matches),
    Lint("redundant-action", _T, actions.redundant_action),
    Lint("redundant-resource", _T, resources.redundant_resource),
    Lint("redundant-value", _T, contradictions.redundant_value),
    Lint("redundant-statement", _T, contradictions.redundant_statement),
    Lint("empty-sid", _T, kinds.empty_sid),
    Lint("empty-condition", _T, kinds.empty_condition),
    Lint(
        "scp-allows-some",
        _T,
        kinds.scp_allows_with_condition,
    ),
)

CHECKS = (*ERRORS, *SECURITY, *WARNINGS, *SUGGESTIONS)
