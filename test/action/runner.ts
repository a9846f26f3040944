import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { filled, holds, jsonOf, type Before, type Contexts } from "./expressions.ts";
import { official, read, type Job, type Step } from "./workflows.ts";

const run = promisify(execFile);
/** The source, or a built action that somebody names: `npm run build && PULLBEAT_ACTION=dist/action.js npx vitest run test/action`. */
const ACTION = resolve(
  process.env["PULLBEAT_ACTION"] ?? join(import.meta.dirname, "../../src/action/main.ts"),
);

/** Every step compiles the same files; node may remember that. */
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/pullbeat-tests");

/** What a machine knows beside the workflow. */
export interface Machine {
  /** A folder of the test's own. */
  dir: string;
  /** The repository's URL for a token, which the name tells: job and right. */
  urlFor: (token: string) => string;
  /** What every process gets; the clock, and the models that scripts play. */
  env: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
  event: string;
  /** The event's own facts. */
  payload?: Readonly<Record<string, unknown>>;
  inputs?: Readonly<Record<string, string>>;
  vars?: Readonly<Record<string, string>>;
  /** GitHub itself: where it answers, and what token a job gets for its rights. */
  github?: { api: string; repository: string; mint: (job: string, may: Job["permissions"]) => string };
  /** Called when a job is done, before its machine is thrown away. */
  after?: (job: Ended) => Promise<void>;
}

/** One job of a run, as it ended. */
export interface Ended {
  name: string;
  result: Before | "skipped";
  matrix: unknown;
  /** Folders that its machine had. */
  home: string;
  token: string;
  log: string;
  summary: string;
  outputs: Record<string, string>;
  /** The environment of each step that ran pullbeat, by the job that it asked for. */
  steps: Map<string, Record<string, string>>;
}

/** The token of a job, which says what the job may do. */
const tokenOf = (name: string, { permissions }: Pick<Job, "permissions">): string =>
  `${name}-${permissions["contents"] ?? "none"}`;

/** Runs a workflow's jobs from its YAML, each in folders and with a token of its own. */
export async function runWorkflow(text: string, around: Machine): Promise<Ended[]> {
  const machine = { ...around, dir: await mkdtemp(join(around.dir, "run-")) };
  const { errors, conditions } = await official("workflow.yml", text);
  if (errors.length > 0) throw new Error(errors.join("\n"));
  const { jobs } = read(text);
  const ended: Ended[] = [];
  // Jobs stand in the order of their needs.
  for (const [name, job] of Object.entries(jobs)) {
    const mine = ended.filter((e) => job.needs.includes(e.name));
    const needs = Object.fromEntries(job.needs.map((need) => [need, together(mine, need)]));
    const contexts = { ...shared(machine), needs };
    const [condition = "", ...steps] = conditions.get(name) ?? [];
    const before: Before = mine.every((e) => e.result === "success") ? "success" : "failure";
    if (!holds(condition, contexts, before)) {
      ended.push({ ...EMPTY, name, steps: new Map(), outputs: {} });
      continue;
    }
    for (const matrix of matrixOf(job, contexts)) {
      const done = await runJob({ name, job, conditions: steps, contexts: { ...contexts, matrix }, machine });
      await machine.after?.(done);
      ended.push(done);
    }
  }
  return ended;
}

/** What a later job sees of one that may have run as a matrix: of each output the last that is not empty. */
function together(ended: readonly Ended[], name: string): Pick<Ended, "result" | "outputs"> {
  const runs = ended.filter((e) => e.name === name);
  const said = runs.flatMap((e) => Object.entries(e.outputs).filter(([, value]) => value !== ""));
  const result = runs.find((e) => e.result !== "success")?.result ?? "success";
  return { result, outputs: Object.fromEntries(said) };
}

const EMPTY = { result: "skipped" as const, matrix: null, home: "", token: "", log: "", summary: "" };

const shared = ({ event, payload = {}, inputs = {}, secrets, vars = {}, github }: Machine): Contexts => ({
  github: {
    event_name: event,
    event: payload,
    repository: github?.repository ?? "o/fleet",
    ref_name: "main",
    server_url: github?.api ?? "https://x",
  },
  inputs,
  secrets,
  vars,
});

function matrixOf({ strategy }: Job, contexts: Contexts): unknown[] {
  const include = strategy?.matrix.include;
  return include === undefined ? [{}] : z.array(z.unknown()).parse(jsonOf(include, contexts));
}

interface Started {
  name: string;
  job: Job;
  conditions: readonly string[];
  contexts: Contexts;
  machine: Machine;
}

async function runJob({ name, job, conditions, contexts: around, machine }: Started): Promise<Ended> {
  const { shard = 0 } = z.object({ shard: z.number().optional() }).parse(around["matrix"] ?? {});
  const home = join(machine.dir, "machines", `${name}-${shard}`);
  for (const part of ["work", "temp", "bin"]) await mkdir(join(home, part), { recursive: true });
  const token = machine.github?.mint(name, job.permissions) ?? tokenOf(name, job);
  const done: Ended = {
    ...EMPTY,
    name,
    result: "success",
    matrix: around["matrix"],
    home,
    token,
    outputs: {},
    steps: new Map(),
  };
  const outputs: Record<string, { outputs: Record<string, string> }> = {};
  for (const [i, step] of job.steps.entries()) {
    const github = { ...z.record(z.string(), z.unknown()).parse(around["github"]), token };
    const contexts: Contexts = {
      ...around,
      github,
      runner: { temp: join(home, "temp") },
      steps: outputs,
      env: {},
    };
    if (!holds(conditions[i] ?? "success()", contexts, done.result === "failure" ? "failure" : "success"))
      continue;
    const said = await runStep(step, { contexts, home, token, machine, done }).catch((error: unknown) => {
      done.log += String(error);
      done.result = "failure";
      return {};
    });
    if (step.id !== undefined) outputs[step.id] = { outputs: said };
  }
  for (const [key, value] of Object.entries(job.outputs))
    done.outputs[key] = filled(value, { ...around, steps: outputs });
  return done;
}

interface Place {
  contexts: Contexts;
  home: string;
  token: string;
  machine: Machine;
  done: Ended;
}

async function runStep(step: Step, place: Place): Promise<Record<string, string>> {
  const fill = (values: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, filled(value, place.contexts)]));
  const [inputs, env] = [fill(step.with), fill(step.env)];
  if (step.run !== undefined) return script(step.run, env, place);
  switch (step.uses?.split("@", 1)[0]) {
    case "./.pullbeat":
    case "someone/pullbeat":
      return pullbeat(inputs, env, place);
    case "actions/checkout":
      return checkout(inputs, place);
    case "actions/upload-artifact":
      return upload(inputs, place);
    case "actions/download-artifact":
      return download(inputs, place);
    default:
      throw new Error(`this machine has no action ${step.uses}`);
  }
}

/** What the runner gives to every step, and nothing of the machine that it runs on. */
function environment({ home, machine }: Place): Record<string, string> {
  const { github } = machine;
  return {
    NODE_COMPILE_CACHE: CACHE,
    ...machine.env,
    ...(github === undefined
      ? {}
      : {
          GITHUB_API_URL: github.api,
          GITHUB_SERVER_URL: github.api,
          GITHUB_REPOSITORY: github.repository,
        }),
    PATH: `${join(home, "bin")}:${machine.env["PATH"]}`,
    HOME: join(home, "temp"),
    RUNNER_TEMP: join(home, "temp"),
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: join(home, "output"),
    GITHUB_STEP_SUMMARY: join(home, "summary"),
  };
}

async function spawned(
  file: string,
  args: readonly string[],
  env: Record<string, string>,
  { home, done }: Place,
): Promise<Record<string, string>> {
  await writeFile(join(home, "output"), "");
  await writeFile(join(home, "summary"), "");
  try {
    const { stdout, stderr } = await run(file, args, { cwd: join(home, "work"), env });
    done.log += stdout + stderr;
  } catch (error) {
    const { stdout, stderr } = z.object({ stdout: z.string(), stderr: z.string() }).parse(error);
    done.log += stdout + stderr;
    throw error;
  } finally {
    done.summary += await readFile(join(home, "summary"), "utf8");
  }
  const text = await readFile(join(home, "output"), "utf8");
  return Object.fromEntries(
    [...text.matchAll(/^(\w+)<<(.+)\n([^]*?)\n\2$/gm)].map(([, key = "", , value = ""]) => [key, value]),
  );
}

const script = (text: string, env: Record<string, string>, place: Place): Promise<Record<string, string>> =>
  spawned(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", text],
    { ...environment(place), ...env },
    place,
  );

/** The action, from its source. */
async function pullbeat(
  inputs: Record<string, string>,
  env: Record<string, string>,
  place: Place,
): Promise<Record<string, string>> {
  const given = Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]);
  const isBare = inputs["job"] === "fetch" && place.machine.github === undefined;
  const from = isBare ? { INPUT_FROM: bare(place.machine.urlFor(place.token)) } : {};
  const all = { ...environment(place), ...env, ...Object.fromEntries(given), ...from };
  place.done.steps.set(inputs["job"] ?? "", all);
  return spawned(process.execPath, [ACTION], all, place);
}

/** A URL without the token in it, as the checkout leaves it. */
const bare = (url: string): string => url.replace(/\/\/[^@]*@/, "//").replace(/(\/acme\/fleet)\.git$/, "$1");

async function checkout(
  inputs: Record<string, string>,
  { home, token, machine }: Place,
): Promise<Record<string, string>> {
  // The action itself is run from its source.
  if (inputs["path"] !== undefined) return {};
  const url = machine.urlFor(token);
  const at = join(home, "work");
  const env = { ...machine.env };
  await run("git", ["clone", "--quiet", url, at], { env });
  if (inputs["persist-credentials"] === "false")
    await run("git", ["remote", "set-url", "origin", bare(url)], { cwd: at, env });
  return {};
}

async function upload(
  { name = "", path = "", "if-no-files-found": missing }: Record<string, string>,
  { machine }: Place,
): Promise<Record<string, string>> {
  const to = join(machine.dir, "artifacts", name);
  const found = await stat(path).catch(() => null);
  if (found === null) {
    if (missing === "ignore") return {};
    throw new Error(`nothing at ${path}`);
  }
  await mkdir(to, { recursive: true });
  await cp(path, found.isFile() ? join(to, basename(path)) : to, { recursive: true });
  return {};
}

/** By its name, into the folder; by a pattern, each into a folder of its name. */
async function download(
  { name, pattern, path = "" }: Record<string, string>,
  { machine }: Place,
): Promise<Record<string, string>> {
  const from = join(machine.dir, "artifacts");
  if (name !== undefined) await cp(join(from, name), path, { recursive: true });
  else {
    const start = pattern?.replace("*", "") ?? "";
    await cp(from, path, {
      recursive: true,
      filter: (f) => f === from || f.slice(from.length + 1).startsWith(start),
    });
  }
  return {};
}

/** A `gh` that writes down how it was called, and dispatches where GitHub is there to take it. */
export async function fakeGh(dir: string): Promise<string> {
  const bin = join(dir, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, "gh"), `#!/bin/sh\nexec '${process.execPath}' '${GH}' '${dir}' "$@"\n`);
  await chmod(join(bin, "gh"), 0o755);
  return bin;
}

const GH = join(import.meta.dirname, "gh.ts");
