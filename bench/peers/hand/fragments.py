"""Pieces of hand-written SQL: who sees what, and how things look as text of JSON.

`$1` is the account, `$2` what is asked for; of an actor with a scope `$3` is the user, `$4` the teams and `$5` whether
tickets without an owner are theirs too.
"""

ENTER = "BEGIN ISOLATION LEVEL {level}; SELECT set_config('app.account', '{account}', true)"
READING, WRITING = "REPEATABLE READ READ ONLY", "READ COMMITTED"

ADMIT = """
    SELECT u.id, 'SUPER_ADMIN' = ANY (u.roles) AS is_super, u.roles <> '{}' AS may_view, u.view_reach = 'ALL' AS sees_all,
           u.view_unassigned AS unassigned,
           coalesce((SELECT array_agg(m.team_id) FROM team_member AS m
                       JOIN team AS g ON g.account_id = m.account_id AND g.id = m.team_id AND g.active
                      WHERE m.account_id = u.account_id AND m.user_id = u.id), '{}') AS teams
      FROM token AS t
      JOIN account_user AS u ON u.account_id = t.account_id AND u.id = t.user_id AND u.active
      JOIN account AS a ON a.id = u.account_id
      LEFT JOIN identity AS i ON i.id = u.identity_id
     WHERE t.account_id = $1 AND t.secret_hash = $2 AND t.revoked_at IS NULL AND t.expires_at > now()
       AND (i.id IS NULL OR i.epoch = t.epoch)"""

_IN_SCOPE = """ AND (t.owner_id = $3 OR t.owner_id IS NULL AND $5 OR t.team_id = ANY ($4::uuid[])
                OR t.owner_id IN (SELECT m.user_id FROM team_member AS m
                                   WHERE m.account_id = $1 AND m.team_id = ANY ($4::uuid[])))"""
_PIPELINE_SEEN = """ AND EXISTS (
        SELECT FROM pipeline_access AS a
         WHERE a.account_id = $1 AND a.pipeline_id = {pipeline}
           AND (a.mode = 'EVERYONE' OR a.mode = 'PRIVATE' AND a.created_by = $3 OR a.mode = 'RESTRICTED' AND EXISTS (
                SELECT FROM pipeline_grant AS g
                 WHERE g.account_id = $1 AND g.pipeline_id = a.pipeline_id AND (g.until IS NULL OR g.until > now())
                   AND (g.user_id = $3 OR g.team_id = ANY ($4::uuid[])))))"""


def standing(*, scoped: bool) -> str:
    """Whether a ticket t stands and lies in the actor's scope."""
    return "t.account_id = $1 AND t.archived_at IS NULL" + (_IN_SCOPE if scoped else "")


def total(*, scoped: bool) -> str:
    """How many tickets of a stage s the actor sees: what is kept of all, or of the shares in their scope."""
    if not scoped:
        return "(SELECT coalesce(sum(c.change), 0)::bigint AS total FROM stage_count AS c WHERE c.account_id = $1 AND c.stage_id = s.id)"
    kept = "(SELECT coalesce(sum(t.change), 0)::bigint AS total FROM stage_share AS t WHERE t.account_id = $1 AND t.stage_id = s.id"
    return f"{kept}{_IN_SCOPE})"


def seen(pipeline: str, *, scoped: bool) -> str:
    """Whether the actor sees a pipeline, as a further condition."""
    return _PIPELINE_SEEN.format(pipeline=pipeline) if scoped else ""


def global_id(kind: str, column: str) -> str:
    """A global id as the product writes it."""
    raw = f"convert_to('{kind}:' || replace({column}::text, '-', ''), 'UTF8')"
    return f"translate(encode({raw}, 'base64'), '+/=', '-_')"


OWNER = f"""coalesce('{{"id":"' || {global_id("User", "u.id")} || '","name":' || to_json(u.name) || '}}', 'null')"""
SCALARS = f"""'"id":"' || {global_id("Ticket", "t.id")} || '","key":"' || t.key || '","subject":' || to_json(t.subject)
        || ',"priority":' || coalesce('"' || t.priority || '"', 'null') || ',"createdAt":' || to_json(t.created_at)
        || ',"enteredStageAt":' || to_json(t.entered_at) || ',"closedAt":' || coalesce(to_json(t.closed_at)::text, 'null')
        || ',"revision":' || t.revision || ',"owner":' || {OWNER}"""
EDGE = f"""'{{"cursor":"' || translate(encode(convert_to(s.rank_epoch || ':' || t.rank || ':' || t.id, 'UTF8'), 'base64'),
        E'\\n', '') || '","node":{{' || {SCALARS} || '}}}}'"""
OWNED = "LEFT JOIN account_user AS u ON u.account_id = $1 AND u.id = t.owner_id"
