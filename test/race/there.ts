import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";
import { specText, taskText } from "../fleet.ts";
import type { World as FlowWorld } from "../../src/flow/world.ts";
import { settle } from "../../src/flow/settle/settle.ts";
import { ann, bot, makeOpened, type HubOptions } from "../github/fleet.ts";
import { remainsOf } from "./remains.ts";

// Under rules that let nobody push, GitHub merges. Whoever settles dies after any request and any write of its own; then
// another machine settles. What is left must be what an undisturbed settle leaves.

type Opened = Awaited<ReturnType<typeof makeOpened>>;

export interface Story {
  options: HubOptions;
  /** What a person says in a review. */
  says: readonly [event: string, body: string];
}

/** A pull on which a person has decided, under rules. */
async function guarded({ options, says }: Story): Promise<Opened> {
  const world = await makeOpened(options);
  await world.hub.protect({ checks: [{ context: "pullbeat", app: 15368 }] });
  await world.review(ann, ...says);
  return world;
}

/** What git and GitHub hold in the end. */
async function left({ hub, origin }: Opened): Promise<unknown> {
  const { pulls, reviews } = hub.state;
  const remains = await remainsOf(origin);
  return {
    ...remains,
    // The config names the port on which this world's GitHub listens.
    base: remains.base.filter((line) => !line.endsWith(".yml")),
    there: pulls.map(({ number, state, merged, labels }) => ({ number, state, by: merged?.by, labels })),
    said: reviews.map(({ by, state }) => `${by} ${state}`),
  };
}

/** A settle that is dead from some moment on: nothing reaches git or GitHub any more. */
interface Mortal {
  flow: FlowWorld;
  /** Writes to git so far. */
  written: () => number;
}

function mortal(world: Opened, { request, write }: Death): Mortal {
  const { repo } = world.flow;
  const begun = world.hub.heard.length;
  let written = 0;
  let isDead = false;
  if (request !== undefined) {
    world.hub.trouble({ nth: request, done: true });
    world.hub.trouble({ nth: request, times: 10_000 });
  }
  const alive = (): void => {
    isDead ||= request !== undefined && world.hub.heard.length - begun >= request;
    if (isDead) throw new Error("killed");
  };
  const counted = async <T>(deed: () => Promise<T>): Promise<T> => {
    alive();
    const done = await deed();
    if (++written === write) {
      isDead = true;
      world.hub.trouble({ times: 10_000 });
    }
    alive();
    return done;
  };
  return {
    written: () => written,
    flow: {
      ...world.flow,
      forge: world.forgeAs(bot),
      repo: {
        ...repo,
        write: (drafts) => counted(() => repo.write(drafts)),
        push: (updates) => counted(() => repo.push(updates)),
      },
    },
  };
}

const QUESTION = {
  condition: "unsure",
  question: "Red or blue?",
  evidence: "The brief names both.",
  recommendation: "Blue.",
  silence: "It waits.",
};
const asks = "produces: ['reports/*.md']\nescalates: [{ id: unsure, when: the brief is unclear }]\n";
export const stories: Record<string, Story> = {
  "an approved pull": { options: {}, says: ["APPROVE", ""] },
  "an answered question": {
    options: {
      files: {
        "agents/writer.md": specText("writer", asks),
        "board/first.md": taskText("first", "writer"),
      },
      scripts: {
        writer: [{ attempt: "first" }, { calls: [{ name: "escalate", arguments: QUESTION }] }]
          .map((line) => JSON.stringify(line))
          .join("\n"),
      },
    },
    says: ["COMMENT", "Blue, please."],
  },
};

interface Death {
  /** Right after this request to GitHub. */
  request?: number;
  /** Right after this write to git. */
  write?: number;
}

/** A settle that nobody disturbed: what it leaves, and every death it could have died. */
export async function stageThere(story: Story): Promise<{ wanted: unknown; deaths: Death[] }> {
  const world = await guarded(story);
  const begun = world.hub.heard.length;
  const { flow, written } = mortal(world, {});
  await settle(flow);
  const wanted = await left(world);
  expect(wanted).toMatchObject({ there: [{ state: "closed", by: bot.login }], said: [expect.any(String)] });
  const heard = world.hub.heard.slice(begun);
  const requests = heard.flatMap(({ method }, i) => (method === "GET" ? [] : [{ request: i + 1 }]));
  const writes = Array.from({ length: written() }, (_, i) => ({ write: i + 1 }));
  return { wanted, deaths: [...requests, ...writes] };
}

/** The deaths after which something else was left. */
export async function hauntedThere(
  story: Story,
  wanted: unknown,
  deaths: readonly Death[],
): Promise<{ death: Death; found: unknown }[]> {
  const haunted = [];
  for (const death of deaths) {
    const world = await guarded(story);
    await expect(settle(mortal(world, death).flow), JSON.stringify(death)).rejects.toThrow();
    world.hub.heal();
    await settle(await world.elsewhere());
    const found = await left(world);
    if (!isDeepStrictEqual(found, wanted)) haunted.push({ death, found });
  }
  return haunted;
}
