import { adaption, isFree, mentions, retitled, titleFrom } from "../domain/starter/copy.ts";
import { Fault } from "../domain/fault.ts";
import { fieldOf, titleOf } from "../domain/text/field.ts";
import { AgentName } from "../domain/id.ts";
import { roleText } from "../domain/starter/role-starter.ts";
import { Spec } from "../domain/spec.ts";
import type { Page } from "../flow/save.ts";
import type { ExitCode } from "./exit.ts";
import { agentNamed } from "../domain/names.ts";
import { rescued, savedLines, savedRow, write, type Bench, type WriteOptions } from "./save.ts";
import { show, type Shell } from "./shell.ts";

interface AgentOptions extends WriteOptions {
  description?: string;
  from?: string;
  title?: string;
}

/** A spec's text, and what a person should know of it. */
interface Role {
  text: string;
  told: string[];
}

/** `pullbeat agent new`: a role to fill in, or a copy. It is paused, so nothing of it works unseen. */
export async function agentNew(
  shell: Shell,
  [typed = ""]: readonly string[],
  options: AgentOptions,
): Promise<ExitCode> {
  const name = fieldOf(AgentName, "the name", typed);
  let told: string[] = [];
  const path = `agents/${name}.md`;
  const saved = await write(shell, options, {
    rescue: rescued(() => path),
    compose: async (bench) => {
      if (bench.ground.fleet.entries.some((e) => e.path.toLowerCase() === path))
        throw new Fault("refused", `${path} is there already`, { expected: "a name that no agent has" });
      const role = await roleOf(bench, name, options);
      told = role.told;
      return pageOf(bench, { name, path, role }, options);
    },
  });
  if (saved === null) throw new Fault("broken", "a new agent was no change");
  const dry = options.dryRun === true;
  const { dim, bold } = shell.terminal;
  show(shell, { agent: name, from: options.from ?? null, told, ...savedRow(saved, dry) }, () => [
    ...told.map((line) => `${dim("note")}  ${line}`),
    ...savedLines(shell, saved, dry),
    ...(dry
      ? []
      : [`${bold("Next:")} say in ${saved.page.path} what it is to do, set status: active, commit and push`]),
  ]);
  return 0;
}

async function pageOf(
  { edit }: Bench,
  { name, path, role }: { name: AgentName; path: string; role: Role },
  options: AgentOptions,
): Promise<Page> {
  return {
    path,
    text: options.edit === true ? await edit(`agent-${name}`, role.text) : role.text,
    subject: `Add agent ${name}${options.from === undefined ? "" : `, from ${options.from}`}`,
  };
}

const roleOf = (bench: Bench, name: AgentName, options: AgentOptions): Promise<Role> =>
  options.from === undefined
    ? Promise.resolve(blank(bench, name, options))
    : copy(bench, { name, from: options.from }, options);

const wishOf = ({ title, description }: AgentOptions) => ({
  ...(title === undefined ? {} : { title: fieldOf(Spec.shape.title, "--title", titleOf(title)) }),
  ...(description === undefined
    ? {}
    : { description: fieldOf(Spec.shape.description, "--description", description.trim()) }),
});

function blank({ home, ground }: Bench, name: AgentName, options: AgentOptions): Role {
  const { title = titleFrom(name), description = "Say here, in one sentence, what it is for" } =
    wishOf(options);
  const places = [`reports/${name}/*.md`, `${name}/*.md`];
  const produces = places.find((place) => isFree(place, ground.fleet)) ?? null;
  const text = home.edit(roleText(title, produces), { name, title, description });
  const own = produces === null ? "it produces nothing yet" : `it produces ${produces}`;
  return { text, told: [`${own}; it reads nothing but the board and what it produces`] };
}

/** The source's text with as few bytes changed as make it another agent's. */
async function copy(
  { home, ground }: Bench,
  { name, from }: { name: AgentName; from: string },
  options: AgentOptions,
): Promise<Role> {
  const { fleet } = ground;
  const source = fleet.agents.get(agentNamed(fleet, from));
  const blob = fleet.entries.find((e) => e.path === source?.path)?.blob;
  const old = blob === undefined ? null : await home.read(blob);
  if (source === undefined || old === null) throw new Fault("broken", `the spec of ${from} has no text`);
  const { fields, values, told } = adaption(source, { name, ...wishOf(options) }, fleet);
  const moved = values.reduce((text, { at, value }) => home.replace(text, at, value), home.edit(old, fields));
  const text = retitled(moved, source, fields["title"] ?? name);
  const lines = mentions(text, source);
  const rest =
    lines.length === 0 ? [] : [`these lines still speak of ${source.spec.name}: ${lines.join(", ")}`];
  return { text, told: [...told, ...rest] };
}
