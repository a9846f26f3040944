import { harmless } from "../cli/terminal.ts";

/**
 * A line that the runner only shows. It obeys `::command::` at the beginning of a line, behind blanks too, and
 * `##[command]` anywhere in it; a carriage return begins a line. The character that makes each live gets its twin.
 */
export const inert = (line: string): string =>
  harmless(line.replaceAll(/\r\n?|[\u2028\u2029\v\f\u0085]/g, "\n"), true)
    .split("\n")
    .map((part) => part.replace(/^(\s*):(?=:)/, "$1：").replaceAll("##[", "#＃["))
    .join("\n");

/** An annotation's level. */
type Level = "error" | "warning" | "notice";

/** A workflow command of our own; whatever stands in it cannot end it or begin another. */
export const command = (name: string, properties: Readonly<Record<string, string>>, data: string): string => {
  const said = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(value)}`);
  return `::${name}${said.length === 0 ? "" : ` ${said.join(",")}`}::${escapeData(data)}`;
};

export const annotation = (level: Level, title: string, text: string): string =>
  command(level, { title }, text);

const escapeData = (text: string): string =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
