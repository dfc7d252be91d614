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
    Lint("invalid-json", _E, "the text is not JSON", grammar.invalid_json),
    Lint("not-an-object", _E, "the policy is not a JSON object", grammar.not_an_object),
    Lint("duplicate-key", _E, "a key stands twice in one object", grammar.duplicate_key),
    Lint("unknown-element", _E, "an element is not of the language", grammar.unknown_element),
    Lint("bad-version", _E, "`Version` is neither of the two", grammar.bad_version),
    Lint("bad-id", _E, "`Id` is not text", grammar.bad_id),
    Lint("missing-statement", _E, "there is no statement", grammar.missing_statement),
    Lint("bad-effect", _E, "`Effect` is neither `Allow` nor `Deny`", grammar.bad_effect),
    Lint("bad-sid", _E, "`Sid` is not text", grammar.bad_sid),
    Lint("duplicate-sid", _E, "two statements have one `Sid`", grammar.duplicate_sid),
    Lint(
        "both-elements",
        _E,
        "an element and its negation stand in one statement",
        grammar.both_elements,
    ),
    Lint("missing-action", _E, "a statement has no action", grammar.missing_action),
    Lint("not-text", _E, "something else stands where text belongs", grammar.not_text),
    Lint("bad-action", _E, "an action is not `service:Name`", grammar.bad_action),
    Lint("bad-resource", _E, "a resource is neither ARN nor `*`", grammar.bad_resource),
    Lint("bad-condition", _E, "a condition is not built of objects", grammar.bad_condition),
    Lint(
        "duplicate-condition-key",
        _E,
        "a condition key stands twice in two spellings",
        grammar.duplicate_condition_key,
    ),
    Lint("unknown-operator", _E, "there is no such condition operator", grammar.unknown_operator),
    Lint("null-with-more", _E, "`Null` has a prefix or `IfExists`", grammar.null_with_more),
    Lint(
        "bad-condition-value",
        _E,
        "a value cannot be read by its operator",
        grammar.bad_condition_value,
    ),
    Lint("not-principal-allows", _E, "`Allow` with `NotPrincipal`", grammar.not_principal_allows),
    Lint("odd-character", _E, "a character that IAM does not take", places.odd_character),
    Lint("id-not-allowed", _E, "`Id` in an identity-based policy", places.id_not_allowed),
    Lint("sid-characters", _E, "a `Sid` of more than letters and digits", places.sid_characters),
    Lint("bad-principal", _E, "a principal names nobody", places.bad_principal),
    Lint(
        "principal-not-allowed",
        _E,
        "a principal where there must be none",
        places.principal_not_allowed,
    ),
    Lint("missing-principal", _E, "no principal where there must be one", places.missing_principal),
    Lint("missing-resource", _E, "no resource where there must be one", places.missing_resource),
    Lint("resource-not-allowed", _E, "a resource in a trust policy", places.resource_not_allowed),
    Lint("trust-action", _E, "an action that no trust policy has", places.trust_action),
    Lint(
        "incomplete-session-arn",
        _E,
        "an incomplete ARN in a session policy",
        places.incomplete_session_arn,
    ),
    Lint(
        "organization-version",
        _E,
        "an SCP or RCP without version 2012-10-17",
        places.organization_version,
    ),
    Lint("rcp-allows", _E, "an RCP that allows", places.rcp_allows),
    Lint("rcp-action", _E, "`NotAction` or a bare `*` in an RCP", places.rcp_action),
    Lint("rcp-principal", _E, "an RCP with a principal other than `*`", places.rcp_principal),
    Lint("too-large", _E, "the policy is larger than AWS stores", sizes.too_large),
    Lint("not-understood", _E, "something else that Landrail's engine refuses", not_understood),
)

SECURITY = (
    Lint(
        "open-to-everybody", _S, "`Allow` to everybody, no condition", principals.open_to_everybody
    ),
    Lint("not-principal", _S, "`Deny` with `NotPrincipal`", principals.not_principal),
    Lint(
        "web-identity-without-audience",
        _S,
        "trust in a token provider without `:aud` or `:sub`",
        principals.federated_without_audience,
    ),
    Lint("open-subject", _S, "trust in every subject of a provider", principals.open_subject),
    Lint("allow-not-action", _S, "`Allow` with `NotAction`", actions.allow_not_action),
    Lint("allow-not-resource", _S, "`Allow` with `NotResource`", actions.allow_not_resource),
    Lint(
        "pass-role-to-all",
        _S,
        "`iam:PassRole` on all roles to any service",
        actions.pass_role_to_all,
    ),
    Lint(
        "negated-in-allow",
        _S,
        "`Allow` with a negated operator on a key that may be absent",
        traps.negated_allow,
    ),
    Lint(
        "for-all-values-in-allow",
        _S,
        "`Allow` with `ForAllValues` and no check that the key is there",
        keys.for_all_without_null,
    ),
    Lint(
        "for-all-values-on-single",
        _S,
        "`Allow` with `ForAllValues` on a key of one value",
        keys.for_all_on_single,
    ),
    Lint("mfa-deny-without-if-exists", _S, "`Deny` + `Bool` MFA `false`", traps.mfa_deny),
    Lint("mfa-allow-if-exists", _S, "`Allow` + `BoolIfExists` MFA `true`", traps.mfa_allow),
    Lint("open-source-ip", _S, "an address range that is nearly all", traps.open_source_ip),
)

WARNINGS = (
    Lint("unknown-service", _W, "there is no service with this prefix", actions.unknown_service),
    Lint("unknown-action", _W, "the service has no such action", actions.unknown_action),
    Lint(
        "pattern-matches-nothing",
        _W,
        "no action matches the pattern",
        actions.pattern_matches_nothing,
    ),
    Lint("unknown-condition-key", _W, "there is no such condition key", keys.unknown_key),
    Lint(
        "key-never-there",
        _W,
        "none of the statement's actions has the condition key",
        keys.key_never_there,
    ),
    Lint(
        "wrong-operator-type",
        _W,
        "an operator of another type than the key's",
        keys.wrong_operator_type,
    ),
    Lint(
        "missing-set-operator",
        _W,
        "a key of many values without `ForAnyValue` or `ForAllValues`",
        keys.missing_set_operator,
    ),
    Lint("value-never-occurs", _W, "the key never has the value", keys.value_never_occurs),
    Lint(
        "resource-fits-no-action",
        _W,
        "an ARN that none of the actions is about",
        resources.resource_fits_no_action,
    ),
    Lint(
        "action-fits-no-resource",
        _W,
        "a named action that is about none of the ARNs",
        resources.action_fits_no_resource,
    ),
    Lint(
        "wildcard-in-arn-head",
        _W,
        "a wildcard in the service or type of an ARN",
        resources.wildcard_in_arn_head,
    ),
    Lint("bad-partition", _W, "there is no such partition", resources.bad_partition),
    Lint("bad-region", _W, "a region that cannot be one", resources.bad_region),
    Lint("bad-account", _W, "an account that cannot be one", resources.bad_account),
    Lint("incomplete-arn", _W, "an ARN of fewer than six fields", resources.incomplete_arn),
    Lint("never-true", _W, "tests of one key exclude each other", contradictions.never_true),
    Lint("dead-allow", _W, "an `Allow` that a `Deny` takes back whole", contradictions.dead_allow),
    Lint(
        "variable-in-old-version",
        _W,
        "`${...}` where the version has no variables",
        variables.variable_in_old_version,
    ),
    Lint("unknown-variable", _W, "a variable of an unknown key", variables.unknown_variable),
    Lint(
        "many-valued-variable",
        _W,
        "a variable of a key with many values",
        variables.many_valued_variable,
    ),
    Lint(
        "misplaced-variable",
        _W,
        "a variable where AWS puts no value in",
        variables.misplaced_variable,
    ),
    Lint("unfinished-variable", _W, "`${` without `}`", variables.unfinished_variable),
    Lint(
        "exact-operator-with-wildcard",
        _W,
        "a wildcard under an operator that has none",
        traps.exact_operator_with_wildcard,
    ),
    Lint(
        "arn-operator-without-arn",
        _W,
        "an ARN operator's value is no ARN",
        traps.principal_arn_not_arn,
    ),
    Lint(
        "principal-arn-of-session",
        _W,
        "a session's ARN in aws:PrincipalArn",
        traps.principal_arn_of_session,
    ),
    Lint("private-source-ip", _W, "a private address in aws:SourceIp", traps.private_source_ip),
    Lint(
        "source-ip-denies-services",
        _W,
        "`Deny` by aws:SourceIp hits services that act for you",
        traps.source_ip_denies_services,
    ),
    Lint(
        "for-all-values-in-deny",
        _W,
        "`Deny` with `ForAllValues` denies where the key is absent",
        traps.positive_deny,
    ),
    Lint(
        "service-without-source",
        _W,
        "a grant to a service without aws:SourceArn or aws:SourceAccount",
        principals.service_without_source,
    ),
    Lint(
        "root-in-endpoint-policy",
        _W,
        "a principal in a gateway endpoint's policy that is the root user alone",
        principals.principal_never_calls,
    ),
    Lint(
        "rcp-out-of-reach", _W, "an RCP on a service that RCPs do not reach", kinds.rcp_out_of_reach
    ),
    Lint("rcp-hits-services", _W, "an RCP that denies AWS's services", kinds.rcp_hits_services),
    Lint(
        "gives-itself-more",
        _W,
        "`Allow` of changing anybody's permissions",
        kinds.gives_itself_more,
    ),
    Lint("assumes-any-role", _W, "`sts:AssumeRole` on all roles", kinds.assumes_any_role),
    Lint("allows-everything", _W, "`Allow` of `*` on `*`", actions.allows_everything),
    Lint("services-mixed", _W, "several services in a resource's policy", kinds.services_mixed),
    Lint("missing-version", _W, "`Version` is missing", kinds.missing_version),
    Lint("old-version", _W, "`Version` 2008-10-17", kinds.old_version),
    Lint("deprecated-key", _W, "a key that AWS advises against", keys.deprecated_key),
    Lint("larger-than-usual", _W, "it fits in some places only", sizes.larger_than_usual),
)

SUGGESTIONS = (
    Lint(
        "negated-in-deny",
        _T,
        "`Deny` with a negated operator on a key that may be absent",
        traps.negated_deny,
    ),
    Lint(
        "set-operator-on-single",
        _T,
        "`ForAnyValue` on a key of one value",
        keys.set_operator_on_single,
    ),
    Lint("string-operator-on-arn", _T, "a string operator on an ARN", keys.string_operator_on_arn),
    Lint(
        "if-exists-on-present",
        _T,
        "`IfExists` on a key that every request has",
        keys.if_exists_on_present,
    ),
    Lint("null-on-present", _T, "`Null` on a key that every request has", keys.null_on_present),
    Lint(
        "wildcard-in-partition",
        _T,
        "a wildcard in the partition of an ARN",
        resources.wildcard_in_partition,
    ),
    Lint(
        "tag-keys-may-be-absent",
        _T,
        "`Allow` with `ForAllValues` on aws:TagKeys lets requests without tags pass",
        keys.tag_keys_may_be_absent,
    ),
    Lint("anything-matches", _T, "a condition with the value `*`", traps.anything_matches),
    Lint("redundant-action", _T, "an action that another one covers", actions.redundant_action),
    Lint("redundant-resource", _T, "a resource beside `*`, or twice", resources.redundant_resource),
    Lint("redundant-value", _T, "a condition's value twice", contradictions.redundant_value),
    Lint(
        "redundant-statement", _T, "two statements say the same", contradictions.redundant_statement
    ),
    Lint("empty-condition", _T, "a `Condition` without operators", kinds.empty_condition),
    Lint(
        "scp-allows-some",
        _T,
        "an SCP that allows some actions only",
        kinds.scp_allows_with_condition,
    ),
)

CHECKS = (*ERRORS, *SECURITY, *WARNINGS, *SUGGESTIONS)
