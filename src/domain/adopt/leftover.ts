import type { Finding } from "../finding.ts";
import { shown } from "./phrase.ts";
import type { Source } from "./source.ts";

/** Keys that give a right in other systems, with why they give none here. */
const RIGHTS: ReadonlyMap<string, string> = new Map([
  [
    "permissions",
    "agents have no permissions on the forge; what one may change is what its `produces` names",
  ],
  ["permission", "what an agent may do is its `tools`, `reads` and `produces`"],
  ["permissionMode", "what an agent may do is its `tools`, `reads` and `produces`"],
  ["safe-outputs", "an agent's only output is a pull that people merge"],
  ["network", "agents have no network"],
  ["mcp-servers", "agents have no servers of their own"],
  ["mcpServers", "agents have no servers of their own"],
  ["mcp-scripts", "agents have no scripts of their own"],
  ["hooks", "nothing runs around an agent's tools"],
  ["steps", "nothing runs before an agent"],
  ["post-steps", "nothing runs after an agent"],
  ["jobs", "nothing runs beside an agent"],
  ["services", "nothing runs beside an agent"],
  ["secrets", "agents see no secrets"],
  ["env", "agents have no environment"],
  ["inputs", "agents have no environment"],
  ["sandbox", "agents run no programs"],
]);

/** Keys that people will look for. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  ["model", "the model is the config's; to choose one, write engine: { kind: openai, model: <name> }"],
  ["engine", "the engine is drafted as openai with the config's model; write another into engine"],
  ["timeout-minutes", "limits stand in `budget`; the default is 10 minutes an attempt"],
  ["maxTurns", "limits stand in `budget`; the default is 30 steps an attempt"],
  ["skills", "there are no skills; what the agent must know goes into the body"],
  ["imports", "nothing is imported; what the agent must know goes into the body"],
  ["if", "conditions are not evaluated; `schedule` and the board say when it works"],
  ["disable-model-invocation", "an agent works on its tasks and its schedule; nobody else invokes it"],
]);

/** Every front matter key that nobody understood, at its place. Nothing passes because it was not looked at. */
export function leftovers(source: Source, understood: readonly string[]): Finding[] {
  const keys = Object.keys(source.data ?? {}).filter((key) => !understood.includes(key));
  return keys.map((key) => ({
    rule: RIGHTS.has(key) ? "adopt/no-right" : "adopt/not-carried",
    level: "note",
    message: `${shown(key)} is not carried over: ${RIGHTS.get(key) ?? KNOWN.get(key) ?? "it has no counterpart here"}`,
    ...source.place([key], "key"),
  }));
}
