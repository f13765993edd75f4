// Who asks: what a bearer token says, and a pool whose connections stay open.

import { createHash } from "node:crypto";
import pg from "pg";

pg.types.setTypeParser(1184, (text) => text.replace(" ", "T") + ":00"); // timestamptz in UTC, as ISO 8601 has it
pg.types.setTypeParser(20, Number); // bigint: counts and revisions are far below 2^53

export const makePool = (address) => {
  const url = new URL(address.replace("@/", "@localhost/"));
  return new pg.Pool({
    host: url.searchParams.get("host"),
    port: Number(url.searchParams.get("port")),
    user: url.username,
    database: url.pathname.slice(1),
    max: 20,
    idleTimeoutMillis: 0,
    options: "-c timezone=UTC",
  });
};

export const readToken = (header) => {
  const [, account, secret] = /^Bearer sg_([0-9a-f]{32})_(.+)$/.exec(header ?? "") ?? [];
  if (!secret) throw new Error("UNAUTHENTICATED");
  return [account, createHash("sha256").update(secret).digest()];
};
