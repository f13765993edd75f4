"""Statements that build the text of the whole answer: nothing is left for the server to do."""

from bench.peers.hand.fragments import EDGE, OWNED, OWNER, SCALARS, global_id, seen, standing, total


def board(*, scoped: bool) -> str:
    """The stages of a pipeline with their counts and first 50 cards."""
    stands = standing(scoped=scoped)
    return f"""
    SELECT '{{"data":{{"board":{{"stages":[' || string_agg(
               '{{"stage":{{"id":"' || {global_id("Stage", "s.id")} || '","label":' || to_json(s.label)
               || '}},"totalCount":' || counted.total || ',"cards":{{"edges":[' || coalesce(shown.edges, '') || ']}}}}',
               ',' ORDER BY s.position) || ']}}}}}}'
      FROM stage AS s
     CROSS JOIN LATERAL {total(scoped=scoped)} AS counted
     CROSS JOIN LATERAL (
        SELECT string_agg({EDGE}, ',' ORDER BY t.rank, t.id) AS edges
          FROM (SELECT * FROM ticket AS t WHERE t.stage_id = s.id AND {stands} ORDER BY t.rank, t.id LIMIT 50) AS t
          {OWNED}) AS shown
     WHERE s.account_id = $1 AND s.pipeline_id = $2{seen("s.pipeline_id", scoped=scoped)}"""


def cards(*, scoped: bool) -> str:
    """The first 500 cards of a stage."""
    return f"""
    SELECT '{{"data":{{"stageCards":{{"edges":[' || coalesce(string_agg({EDGE}, ',' ORDER BY t.rank, t.id), '') || ']}}}}}}'
      FROM stage AS s
      LEFT JOIN LATERAL (SELECT * FROM ticket AS t WHERE t.stage_id = s.id AND {standing(scoped=scoped)}
                          ORDER BY t.rank, t.id LIMIT 500) AS t ON true
      {OWNED}
     WHERE s.account_id = $1 AND s.id = $2{seen("s.pipeline_id", scoped=scoped)}
     GROUP BY s.id"""


def ticket(*, scoped: bool) -> str:
    """One ticket with what is around it."""
    return f"""
    SELECT '{{"data":{{"ticket":{{' || {SCALARS} || ',"content":' || to_json(t.content) || ',"team":'
           || coalesce('{{"id":"' || {global_id("Team", "g.id")} || '","name":' || to_json(g.name) || '}}', 'null')
           || ',"stage":{{"id":"' || {global_id("Stage", "s.id")} || '","label":' || to_json(s.label)
           || '}},"pipeline":{{"id":"' || {global_id("Pipeline", "p.id")} || '","label":' || to_json(p.label) || '}}}}}}}}'
      FROM ticket AS t
      JOIN stage AS s ON s.account_id = $1 AND s.id = t.stage_id
      JOIN pipeline AS p ON p.account_id = $1 AND p.id = t.pipeline_id
      LEFT JOIN team AS g ON g.account_id = $1 AND g.id = t.team_id
      {OWNED}
     WHERE t.id = $2 AND {standing(scoped=scoped)}{seen("t.pipeline_id", scoped=scoped)}"""


__all__ = ["OWNER", "board", "cards", "ticket"]
