// PostGraphile 5 on the product's own tables. The actor is read from the token for each request, and becomes settings of
// its transaction (pgSettings): account, user, teams and, for those with a ticket scope, the role that policies bind.

import { createServer } from "node:http";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePool, readToken } from "./actor.mjs";

const pool = makePool(process.env.DATABASE);

const preset = {
  extends: [PostGraphileAmberPreset],
  disablePlugins: ["PgIndexBehaviorsPlugin"], // it does not know partial indexes, such as the one of boards
  pgServices: [makePgService({ pool, schemas: ["public", "bench_api"] })],
  grafserv: { port: Number(process.env.PORT), graphqlPath: "/graphql", watch: false, graphiql: false },
  grafast: {
    explain: false,
    async context(request) {
      const [account, hash] = readToken(request.node?.req.headers.authorization);
      const entered = await pool.query({ name: "enter", text: "SELECT bench.enter($1, $2) AS it", values: [account, hash] });
      return { pgSettings: entered.rows[0].it };
    },
  },
};

const server = createServer();
const served = postgraphile(preset).createServ(grafserv);
await served.addTo(server);
server.listen(Number(process.env.PORT), "127.0.0.1");
