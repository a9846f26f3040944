import { join } from "node:path";
import { makeField } from "./field.ts";
import { fleetFiles } from "./fleet.ts";
import { compare } from "./measure.ts";
import { makePeer } from "./peer.ts";
import type { Part } from "./report.ts";

/** What somebody waits for who asks the program nothing but who it is. */
export async function startupPart(dir: string, rounds: number): Promise<Part> {
  const { pullbeat, clone } = await makeField(dir, fleetFiles(10));
  const peer = await makePeer(dir, 10);
  const version = pullbeat(["--version"]);
  const alone = { ...version, argv: version.argv.slice(0, 3) };
  const empty = { argv: [process.execPath, join(import.meta.dirname, "empty.js")], cwd: clone };
  const taken = await compare(
    [
      { name: "an empty node process", command: () => empty },
      { name: "pullbeat --version", command: () => alone },
      { name: "pullbeat --help", command: () => pullbeat(["--help"]) },
      ...(peer === null ? [] : [{ name: "backlog.md --version", command: () => peer.version }]),
    ],
    rounds * 3,
  );
  const [node, said] = taken;
  const value = (said?.ms ?? Number.NaN) / (node?.ms ?? Number.NaN);
  return {
    title: "Start",
    taken: taken.map((t) => (t.name.startsWith("backlog") ? { ...t, mib: null } : t)),
    ratios: [{ what: "--version : empty node", value, aim: 1.5 }],
  };
}
