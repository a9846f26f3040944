import type { Edits, Job } from "../port/engine.ts";
import type { Host } from "./program.ts";

/** Environment variables that a program gets because its spec names them. */
export type Given = Readonly<Record<string, string>>;

/** What the spec asks for by name; never the model's key, and nothing that steers git. */
export function givenTo(env: readonly string[], job: Job, host: Host): Given {
  const names = env.filter((n) => n !== job.config.engines.openai.key && !n.startsWith("GIT_"));
  return Object.fromEntries(names.flatMap((n) => (host.env[n] === undefined ? [] : [[n, host.env[n]]])));
}

/** Shorter values are words that occur by themselves. */
const SHORTEST = 6;

/** Takes out of a text what the program was given in confidence. */
export const hider =
  (given: Given) =>
  (text: string): string =>
    Object.values(given)
      .filter((value) => value.length >= SHORTEST)
      .reduce((t, value) => t.replaceAll(value, "[secret]"), text);

/** Variables whose values are for nobody else, by what people call them. Others may stand in a report. */
const CONFIDENTIAL = /TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH/i;

/** Files that hold such a value in their content or name, one sentence each; the value itself is not among its words. */
export function carried(edits: Edits, given: Given): string[] {
  const secrets = Object.entries(given).filter(([n, v]) => CONFIDENTIAL.test(n) && v.length >= SHORTEST);
  const hide = hider(given);
  return [...edits].flatMap(([path, content]) => {
    const bytes = Buffer.from(content ?? "");
    const found = secrets.filter(([, value]) => path.includes(value) || bytes.includes(value));
    return found.map(([name]) => `${JSON.stringify(hide(path).slice(0, 200))}: holds the value of ${name}`);
  });
}
