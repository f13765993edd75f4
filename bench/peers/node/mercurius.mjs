// mercurius with JIT, as its documentation shows it: a schema, resolvers, and loaders that batch what lies below a list.
// Each request has one transaction, in which the actor is read from the token, on the same tables and walls.

import fastify from "fastify";
import mercurius from "mercurius";
import { makePool, readToken } from "./actor.mjs";

const pool = makePool(process.env.DATABASE);

const schema = `
  type Query {
    board(pipeline: PipelineRef!, first: Int!): Board
    stageCards(stageId: ID!, first: Int!): TicketConnection
    ticket(id: ID!): Ticket
  }
  type Mutation { moveTicket(input: MoveTicketInput!): MoveTicketPayload! }
  input PipelineRef { id: ID!  }
  input StageRef { id: ID! }
  input MoveTicketInput { ticketId: ID! stage: StageRef! }
  type MoveTicketPayload { ticket: Ticket userErrors: [UserError!]! }
  type UserError { message: String! }
  type Board { stages: [BoardStage!]! }
  type BoardStage { stage: Stage! totalCount: Int! cards(first: Int): TicketConnection! }
  type Stage { id: ID! label: String! }
  type Pipeline { id: ID! label: String! }
  type Team { id: ID! name: String! }
  type User { id: ID! name: String! }
  type TicketConnection { edges: [TicketEdge!]! }
  type TicketEdge { cursor: String! node: Ticket! }
  type Ticket {
    id: ID! key: String! subject: String! content: String! priority: String createdAt: String! enteredStageAt: String!
    closedAt: String revision: Int! owner: User team: Team stage: Stage! pipeline: Pipeline!
  }
`;

const COLUMNS = `t.id, t.key, t.subject, t.content, t.priority, t.created_at AS "createdAt", t.revision, t.rank,
  t.entered_at AS "enteredStageAt", t.closed_at AS "closedAt", t.owner_id, t.team_id, t.stage_id, t.pipeline_id`;
const STAGES = `
  SELECT s.id, s.label, s.rank_epoch, CASE WHEN $3 THEN
           (SELECT count(*) FROM ticket AS t WHERE t.account_id = $1 AND t.stage_id = s.id AND t.archived_at IS NULL)
         ELSE (SELECT coalesce(sum(c.change), 0)::bigint FROM stage_count AS c
                WHERE c.account_id = $1 AND c.stage_id = s.id) END AS total
    FROM stage AS s JOIN pipeline AS p ON p.account_id = $1 AND p.id = s.pipeline_id
   WHERE s.account_id = $1 AND s.pipeline_id = $2 ORDER BY s.position`;
const CARDS = `
  SELECT s.id AS of, s.rank_epoch, ${COLUMNS}
    FROM unnest($2::uuid[]) AS asked (id) JOIN stage AS s ON s.account_id = $1 AND s.id = asked.id
    JOIN pipeline AS p ON p.account_id = $1 AND p.id = s.pipeline_id
   CROSS JOIN LATERAL (SELECT * FROM ticket AS t WHERE t.account_id = $1 AND t.stage_id = s.id AND t.archived_at IS NULL
                        ORDER BY t.rank, t.id LIMIT $3) AS t
   ORDER BY t.rank, t.id`;
const TICKET = `
  SELECT ${COLUMNS} FROM ticket AS t JOIN pipeline AS p ON p.account_id = $1 AND p.id = t.pipeline_id
   WHERE t.account_id = $1 AND t.id = $2 AND t.archived_at IS NULL`;

const query = async (context, name, text, values) =>
  (await context.client.query({ name, text, values: [context.account, ...values] })).rows;

const edges = (rows) => ({
  edges: rows.map((row) => ({
    cursor: Buffer.from(`${row.rank_epoch}:${row.rank}:${row.id}`).toString("base64"),
    node: row,
  })),
});

const byId = (table, key, columns) => async (queries, context) => {
  const ids = [...new Set(queries.map(({ obj }) => obj[key]).filter(Boolean))];
  const text = `SELECT id, ${columns} FROM ${table} WHERE account_id = $1 AND id = ANY ($2::uuid[])`;
  const found = new Map((await query(context, table, text, [ids])).map((row) => [row.id, row]));
  return queries.map(({ obj }) => found.get(obj[key]) ?? null);
};

const resolvers = {
  Query: {
    board: async (_, { pipeline, first }, context) => {
      const stages = await query(context, "stages", STAGES, [pipeline.id, context.scoped]);
      return { stages: stages.map((stage) => ({ stage, totalCount: stage.total, first })) };
    },
    stageCards: async (_, { stageId, first }, context) =>
      edges(await query(context, "cards", CARDS, [[stageId], first])),
    ticket: async (_, { id }, context) => (await query(context, "ticket", TICKET, [id]))[0] ?? null,
  },
  Mutation: {
    moveTicket: async (_, { input }, context) => {
      const text = "SELECT moved.* FROM (SELECT $1::uuid) AS of CROSS JOIN LATERAL bench_api.move_ticket($2, $3) AS moved";
      const [moved] = await query(context, "move", text, [input.ticketId, input.stage.id]);
      return { ticket: moved, userErrors: [] };
    },
  },
};

const loaders = {
  BoardStage: {
    cards: async (queries, context) => {
      const rows = await query(context, "cards", CARDS, [queries.map(({ obj }) => obj.stage.id), queries[0].obj.first]);
      return queries.map(({ obj }) => edges(rows.filter((row) => row.of === obj.stage.id)));
    },
  },
  Ticket: {
    owner: byId("account_user", "owner_id", "name"),
    team: byId("team", "team_id", "name"),
    stage: byId("stage", "stage_id", "label"),
    pipeline: byId("pipeline", "pipeline_id", "label"),
  },
};

const app = fastify();
app.register(mercurius, {
  schema,
  resolvers,
  loaders,
  jit: 1,
  context: async (request) => {
    const [account, hash] = readToken(request.headers.authorization);
    const client = await pool.connect();
    await client.query("BEGIN");
    const entered = await client.query({ name: "enter", text: "SELECT bench.enter($1, $2) AS it", values: [account, hash] });
    return { client, account: entered.rows[0].it["app.account"], scoped: "role" in entered.rows[0].it };
  },
});
app.ready().then(() =>
  app.graphql.addHook("onResolution", async (_, context) => {
    await context.client.query("COMMIT");
    context.client.release();
  }),
);
app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
