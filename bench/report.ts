import { execFileSync } from "node:child_process";
import { arch, cpus, platform, totalmem } from "node:os";
import type { Taken } from "./measure.ts";

/** A number that says how ours stands to something else; an aim is the most that it should be. */
export interface Ratio {
  what: string;
  value: number;
  aim: number | null;
}

export interface Part {
  title: string;
  taken: readonly Taken[];
  ratios: readonly Ratio[];
}

export interface Report {
  date: string;
  /** The kind of machine, never its name. */
  machine: string;
  parts: Part[];
}

export function machineOf(): string {
  const git = execFileSync("git", ["version"], { encoding: "utf8" })
    .replace(/^git version /, "")
    .trim();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${platform()} ${arch()}, ${cpus().length} cores, ${memory} GiB, node ${process.versions.node}, git ${git}`;
}

/** As markdown: what was measured, and how it stands to the aims. */
export function tableOf({ date, machine, parts }: Report): string {
  const measured = parts.flatMap(({ title, taken }) => [
    `| **${title}** | | | | |`,
    ...taken.map((t) => `| ${t.name} | ${whole(t.ms)} | ${whole(t.cpuMs)} | ${whole(t.mib)} | ${t.rounds} |`),
  ]);
  const stands = parts.flatMap(({ title, ratios }) => [
    `| **${title}** | | | |`,
    ...ratios.map(
      (r) => `| ${r.what} | ${short(r.value)} | ${r.aim === null ? "" : `<= ${r.aim}`} | ${verdict(r)} |`,
    ),
  ]);
  return [
    `Measured on ${date}: ${machine}.`,
    "",
    "| what | ms | processor ms | MiB | rounds |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...measured,
    "",
    "| ratio, within one run | is | aim | |",
    "| --- | ---: | ---: | --- |",
    ...stands,
  ].join("\n");
}

const verdict = ({ value, aim }: Ratio): string =>
  aim === null || Number.isNaN(value) ? "" : value <= aim ? "kept" : "missed";

const whole = (value: number | null): string =>
  value === null || Number.isNaN(value) ? "" : value.toFixed(0);

const short = (value: number): string =>
  Number.isNaN(value)
    ? "not measured"
    : value >= 100
      ? value.toFixed(0)
      : String(Number(value.toPrecision(2)));
