import { expect, test } from "vitest";
import { main } from "../../src/cli/program.ts";
import { openShell } from "../../src/cli/shell.ts";
import { makeFleet, specText, taskText, writes } from "../fleet.ts";
import { widthOf } from "../../src/cli/layout.ts";
import { quietTerminal } from "./cli.ts";

const NEVER = "never:\n" + ["a", "b", "c", "d"].map((r) => `  - { rule: ${r}, enforce: review }\n`).join("");
const FILES = {
  "agents/writer.md": specText("writer", `produces: ["reports/*.md"]\n${NEVER}`),
  "agents/idler.md": specText("idler", NEVER),
  "board/one.md": taskText("one", "writer", "produces: [reports/one.md]\n").replace(
    "Do one",
    "Schöne 日本語 ✅ Seiten",
  ),
  "board/later.md": taskText("later", "idler", "every: weekly mon 07:00\n"),
};

/** What a person sees on a terminal so wide. */
async function screens(columns: number): Promise<(...args: string[]) => Promise<string>> {
  const fleet = await makeFleet({
    files: FILES,
    scripts: { writer: writes({ "reports/one.md": "# One\n" }) },
  });
  return async (...args) => {
    const terminal = quietTerminal(columns);
    const shell = () => ({
      ...openShell({ dir: fleet.clone }, terminal),
      now: fleet.clock.now(),
      open: async () => fleet.flow,
      email: async () => "ann@example.com",
    });
    await main(["node", "pullbeat", ...args], { terminal, shell });
    return terminal.lines.join("\n");
  };
}

test.each([40, 80, 200])(
  "nothing that is printed is wider than a terminal of %i columns",
  async (columns) => {
    const see = await screens(columns);
    const commands = [
      ["check"],
      ["plan"],
      ["tick"],
      ["board"],
      ["log"],
      ["pull", "list"],
      ["pull", "show", "1"],
    ];
    for (const args of commands) {
      const wide = (await see(...args)).split("\n").filter((line) => widthOf(line) > columns);
      expect({ args, wide }).toEqual({ args, wide: [] });
    }
  },
);

test("times are said as people say them, on every page that has some", async () => {
  const see = await screens(200);
  expect(await see("plan")).toMatch(/^due {5}writer {2}now {2}/m);
  await see("tick");
  expect(await see("board")).toMatch(/first due in \d+ (?:h|days?)/);
  expect(await see("pull", "list")).toMatch(/^1 {2}your turn {2}waiting {2}human {2}writer {2}now {2}one: /m);
  expect(await see("log")).toMatch(/worked \(scripted\) {2}now/);
  expect(await see("plan")).toMatch(/nobody is due; 1 pull waits for you: pullbeat pull list$/);
});

test("notes of one kind are drawn together on a terminal, with their places, and not in a pipe", async () => {
  const [screen, pipe] = [await (await screens(200))("check"), await (await screens(0))("check")];
  expect(screen.match(/spec\/never-unheld/g)).toHaveLength(1);
  expect(screen).toMatch(
    /and 7 like it: agents\/idler\.md:\d+, \d+, \d+; agents\/writer\.md:\d+, \d+, \d+, \d+/,
  );
  expect(pipe.match(/spec\/never-unheld/g)).toHaveLength(8);
});
