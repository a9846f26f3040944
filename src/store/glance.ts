import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Glance, Glimpse } from "../port/glance.ts";
import { gitAt } from "./folder.ts";
import type { Environment } from "./git.ts";
import { CONFIG } from "./leaf.ts";

const PULLS = "refs/pullbeat/pulls/";

/** What a clone knows; throws where there is none. Pulls and the journal are those of the remote of this name. */
export async function glanceAt(dir: string, env: Environment, remote: string): Promise<Glance> {
  const git = await gitAt(dir, env);
  const said = async (...args: string[]): Promise<string[]> =>
    (await git.run(args)).out
      .toString()
      .split("\n")
      .filter((line) => line !== "");
  const [top = dir] = await said("rev-parse", "--show-toplevel");
  return {
    agents: async () => glimpses(join(top, "agents"), "", (head, file) => [file, field(head, "description")]),
    tasks: async (beginning) =>
      glimpses(join(top, "board"), beginning, (head) => [field(head, "id"), field(head, "title")]),
    async pulls() {
      const refs = await said("for-each-ref", "--sort=version:refname", "--format=%(refname)", PULLS);
      return refs.map((ref) => bare(ref.slice(PULLS.length)));
    },
    async beats(beginning) {
      const listed = ["ls-tree", "-r", "--name-only", `refs/remotes/${remote}/pullbeat/journal`, "beats/"];
      const names = (await said(...listed)).flatMap((path) => path.split("/").slice(-2, -1));
      return names
        .toReversed()
        .filter((name) => name.startsWith(beginning))
        .map(bare);
    },
    async people() {
      const text = await headOf(join(top, CONFIG), 1 << 16);
      return [...text.matchAll(/\blogin:\s*["']?([\w-]+)/g)].map(([, name = ""]) => bare(name));
    },
  };
}

const bare = (name: string): Glimpse => ({ name, about: "" });

/** Files of a folder whose names begin so, by what their first lines say. */
async function glimpses(
  folder: string,
  beginning: string,
  told: (head: string, file: string) => [name: string, about: string],
): Promise<Glimpse[]> {
  const files = (await readdir(folder)).filter((f) => f.endsWith(".md") && f.startsWith(beginning));
  return Promise.all(
    files.toSorted().map(async (file) => {
      const [name, about] = told(await headOf(join(folder, file), 2048), file.slice(0, -".md".length));
      return { name, about };
    }),
  );
}

async function headOf(path: string, bytes: number): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(bytes) });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** A plain field of front matter; empty where it is written in any other way. */
const field = (head: string, name: string): string =>
  new RegExp(`^${name}:[ \\t]*["']?([^"'\\n\\r]+)`, "m").exec(head)?.[1]?.trim() ?? "";
