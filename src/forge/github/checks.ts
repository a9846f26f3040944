import type { CheckRun } from "../../domain/verdict/checks.ts";
import { Fault } from "../../domain/fault.ts";
import type { Sha } from "../../domain/id.ts";
import type { Hub } from "./hub.ts";
import { CheckRunsJson } from "./json.ts";

/** Checks that one page shows. */
const PAGE = 100;

/** The latest check run of each app and name on a head, in one call. Statuses are left out: anybody who may write sets them. */
export async function checksOn({ client }: Pick<Hub, "client">, head: Sha): Promise<CheckRun[]> {
  const { total_count: total, check_runs: runs } = await client.read(
    `/commits/${head}/check-runs?filter=latest&per_page=${PAGE}`,
    `see what CI found on ${head.slice(0, 10)}`,
    CheckRunsJson,
  );
  if (total > runs.length)
    throw new Fault(
      "limit",
      `${head.slice(0, 10)} has ${total} checks, and ${runs.length} of them were read`,
      {
        expected: `at most ${PAGE} checks on a head`,
      },
    );
  return runs.map(({ name, app, head_sha, status, conclusion }) => ({
    name,
    app: app === null || app.slug === undefined ? null : { id: app.id, slug: app.slug },
    head: head_sha,
    done: status === "completed",
    conclusion,
  }));
}
