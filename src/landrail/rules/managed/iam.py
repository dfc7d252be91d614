"""Rules of identities: the root user, users, roles, policies. Source of what each asks: AWS Config,
"List of AWS Config managed rules"; those without an identifier are this project's own."""

from __future__ import annotations

from landrail.rules.alike import open_outside
from landrail.rules.rule import Rule, managed

_NO_BOUNDARY = (
    "NOT (lower(:excludePermissionBoundaryPolicy) = 'true' AND COALESCE(boundary_of, 0) > 0)"
)

RULES = (
    managed(
        "ROOT_ACCOUNT_MFA_ENABLED",
        table="accounts_iam",
        wrong="NOT root_mfa",
        says="the root user has no MFA device",
        triggers=("periodic",),
    ),
    managed(
        "IAM_ROOT_ACCESS_KEY_CHECK",
        table="accounts_iam",
        wrong="root_keys",
        says="the root user has access keys",
        triggers=("periodic",),
    ),
    managed(
        "IAM_PASSWORD_POLICY",
        table="accounts_iam",
        wrong="NOT password_policy"
        " OR (lower(:RequireUppercaseCharacters) = 'true' AND NOT password_uppercase)"
        " OR (lower(:RequireLowercaseCharacters) = 'true' AND NOT password_lowercase)"
        " OR (lower(:RequireSymbols) = 'true' AND NOT password_symbols)"
        " OR (lower(:RequireNumbers) = 'true' AND NOT password_numbers)"
        " OR password_length < CAST(:MinimumPasswordLength AS BIGINT)"
        " OR COALESCE(password_reuse, 0) < CAST(:PasswordReusePrevention AS BIGINT)"
        " OR password_age IS NULL OR password_age > CAST(:MaxPasswordAge AS BIGINT)",
        says="the password policy asks for less than it should",
        parameters={
            "RequireUppercaseCharacters": "true",
            "RequireLowercaseCharacters": "true",
            "RequireSymbols": "true",
            "RequireNumbers": "true",
            "MinimumPasswordLength": "14",
            "PasswordReusePrevention": "24",
            "MaxPasswordAge": "90",
        },
        triggers=("periodic",),
    ),
    managed(
        "IAM_USER_MFA_ENABLED",
        table="iam_users",
        wrong="NOT mfa",
        says="the user has no MFA device",
        triggers=("periodic",),
    ),
    managed(
        "MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS",
        table="iam_users",
        applies="password",
        wrong="NOT mfa",
        says="the user has a password for the console and no MFA device",
        triggers=("periodic",),
    ),
    managed(
        "ACCESS_KEYS_ROTATED",
        table="iam_users",
        wrong="active_keys > 0 AND date_diff('day', CAST(oldest_active_key AS DATE),"
        " CURRENT_DATE)"
        " > CAST(:maxAccessKeyAge AS BIGINT)",
        says="an active access key of the user is too old",
        parameters={"maxAccessKeyAge": "90"},
        triggers=("periodic",),
    ),
    managed(
        "IAM_USER_NO_POLICIES_CHECK",
        table="iam_users",
        wrong="inline_policies > 0 OR attached_policies > 0",
        says="the user holds policies itself",
    ),
    Rule(
        name="iam-user-exists",
        table="iam_users",
        wrong="resource_name NOT IN (:allowedUsers)",
        says="there is an IAM user, where people and machines come by roles",
        parameters={"allowedUsers": ""},
    ),
    Rule(
        name="iam-user-access-key-exists",
        table="iam_users",
        wrong="access_keys > 0 AND resource_name NOT IN (:allowedUsers)",
        says="the user has access keys, which stay until somebody removes them",
        parameters={"allowedUsers": ""},
    ),
    open_outside(
        "iam-role", "iam_roles", "the role's trust lets in somebody from outside the organization"
    ),
    Rule(
        name="iam-role-administrator",
        table="iam_roles",
        wrong="administrator AND resource_name NOT IN (:allowedRoles)",
        says="the role may do everything",
        parameters={"allowedRoles": ""},
    ),
    Rule(
        name="iam-role-widest-policy",
        table="iam_roles",
        # Who makes roles below these paths is held by `protect-machine-roles`, or is AWS.
        applies="path NOT LIKE '/landrail/%' AND path NOT LIKE '/aws-reserved/%'",
        wrong="resource_name NOT IN (:allowedRoles) AND ("
        "attached_policies LIKE '%:aws:policy/AdministratorAccess,%' "
        "OR attached_policies LIKE '%:aws:policy/IAMFullAccess,%' "
        "OR attached_policies LIKE '%:aws:policy/PowerUserAccess,%')",
        says="the role has one of the widest policies of AWS's",
        parameters={"allowedRoles": ""},
    ),
    managed(
        "IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS",
        table="iam_policies",
        applies=_NO_BOUNDARY,
        wrong="grants_everything",
        says="the policy allows everything on everything",
        parameters={"excludePermissionBoundaryPolicy": "false"},
    ),
    managed(
        "IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS",
        table="iam_policies",
        applies=_NO_BOUNDARY,
        wrong="grants_whole_service",
        says="the policy allows all actions of a service",
        parameters={"excludePermissionBoundaryPolicy": "false"},
    ),
    Rule(
        name="iam-policy-passes-any-role",
        table="iam_policies",
        wrong="passes_any_role",
        says="the policy lets one pass any role to any service, and so gain what any role may",
    ),
    Rule(
        name="iam-role-boundary",
        table="iam_roles",
        # What a service made for itself takes no boundary.
        applies="path NOT LIKE '/aws-service-role/%' AND path NOT LIKE '/aws-reserved/%'"
        " AND path NOT IN (:exemptedPaths) AND resource_name NOT IN (:exemptedRoles)",
        wrong="boundary IS NULL OR (:boundaries <> '' AND NOT ALL_AMONG(boundaries, :boundaries))",
        says="the role has no permissions boundary, or not one that is asked for",
        parameters={"exemptedPaths": "", "exemptedRoles": "", "boundaries": ""},
    ),
)
