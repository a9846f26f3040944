import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeWorld } from "../world.ts";
import { json, pullbeat, type Place } from "./cli.ts";

const FILES = {
  "data/ads.json": '{"campaigns":[{"id":"roofing-us","ctr":0.023},{"id":"siding-de","ctr":0.041}]}\n',
  "data/leads.csv": "campaign,leads\nroofing-us,412\n",
  "reports/good.md":
    "# Roofing-us\n\nIt has a CTR of [2.3%](/data/ads.json#/campaigns/0/ctr) and [412](../data/leads.csv#cell=2,2) leads.\n",
  "reports/wrong.md": "Roofing-us has [4.1%](/data/ads.json#/campaigns/1/ctr).\n\nThat is 7 more.\n",
};

/** A repository with one commit of these files, and nothing else: no fleet, no remote. */
async function place(
  files: Readonly<Record<string, string>> = FILES,
): Promise<Place & { save: typeof save }> {
  const world = await makeWorld();
  const clone = join(world.dir, "plain");
  await world.git("init", "--quiet", clone);
  const save = async (more: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(join(clone, path, ".."), { recursive: true });
      await writeFile(join(clone, path), text);
    }
  };
  await save(files);
  await world.git("-C", clone, "add", ".");
  await world.git("-C", clone, "commit", "--quiet", "-m", "Begin");
  return { ...world, clone, save };
}

test("statements that hold are ok, and counted", async () => {
  const here = await place();
  const { code, out } = await pullbeat(here, ["verify", "reports/good.md", "--strict"]);
  expect([code, out]).toEqual([0, "ok: 2 of 2 links hold\n"]);
  expect(await json(here, ["verify", "reports/good.md"])).toMatchObject({
    code: 0,
    value: {
      ok: true,
      links: [{ line: 3, text: "2.3%", ok: true, found: "0.023", reason: null }, { ok: true }],
    },
  });
});

test("a number of the wrong record is told with its line, and ends with code 1", async () => {
  const here = await place();
  const { code, value } = await json(here, ["verify", "reports/wrong.md", "--strict"]);
  expect(code).toBe(1);
  expect(value).toEqual({
    ok: false,
    links: [
      {
        file: "reports/wrong.md",
        line: 1,
        text: "4.1%",
        target: "/data/ads.json#/campaigns/1/ctr",
        ok: false,
        expected: "4.1%",
        found: "0.041",
        reason: "that is the number of siding-de, and the words around it name roofing-us",
      },
    ],
    unproved: [{ file: "reports/wrong.md", line: 3, number: "7", text: "That is 7 more." }],
    unread: [],
  });
  const { out } = await pullbeat(here, ["verify", "reports/wrong.md", "reports/good.md", "--strict"]);
  expect(out).toContain(
    "reports/wrong.md:1  wrong  [4.1%](/data/ads.json#/campaigns/1/ctr): that is the number of",
  );
  expect(out).toContain('reports/wrong.md:3  no link  7: "That is 7 more."');
  expect(out).toContain("2 of 3 links hold, 1 number has none");
  expect((await pullbeat(here, ["verify", "reports/wrong.md", "--identity", "off"])).code).toBe(0);
});

test("with --base the sources are those of a commit, whatever the work tree holds", async () => {
  const here = await place();
  await here.save({
    "data/ads.json": "{}",
    "data/new.json": '{"n":1}',
    "reports/new.md": "[1](/data/new.json#/n)\n",
  });
  expect((await pullbeat(here, ["verify", "reports/good.md"])).code).toBe(1);
  expect((await pullbeat(here, ["verify", "reports/good.md", "--base", "HEAD"])).code).toBe(0);
  expect((await pullbeat(here, ["verify", "reports/new.md"])).code).toBe(0);
  expect((await pullbeat(here, ["verify", "reports/new.md", "--base", "HEAD"])).code).toBe(1);
  expect(await json(here, ["verify", "reports/good.md", "--base", "--output=x"])).toMatchObject({
    code: 2,
    value: { error: { code: "usage" } },
  });
});

test("a plain folder will do, without --base", async () => {
  const world = await makeWorld();
  const clone = join(world.dir, "folder");
  await mkdir(clone);
  await writeFile(join(clone, "a.json"), '{"n":12}');
  await writeFile(join(clone, "a.md"), "[12](a.json#/n)\n");
  const here = { ...world, clone };
  expect((await pullbeat(here, ["verify", "a.md"])).out).toBe("ok: 1 of 1 links hold\n");
  expect((await pullbeat(here, ["verify", "a.md", "--base", "HEAD"])).code).toBe(3);
  expect((await pullbeat(here, ["verify", "a.md", "-C", "gone"])).code).toBe(3);
});

test("files may be named from any folder; a link in the work tree is never followed", async () => {
  const here = await place();
  expect((await pullbeat(here, ["verify", "good.md", "-C", "reports"])).code).toBe(0);
  await writeFile(join(here.clone, "../outside.json"), '{"n":1}');
  await symlink("../../outside.json", join(here.clone, "data/link.json"));
  await symlink("../..", join(here.clone, "data/up"));
  const targets = [
    "data/link.json",
    "data/up/outside.json",
    "data/up/../outside.json",
    "data",
    "data/none.json",
  ];
  await here.save({ "reports/links.md": targets.map((t) => `[1](/${t}#/n)`).join(" ") });
  const { value } = await json(here, ["verify", "reports/links.md"]);
  expect(value).toMatchObject({ links: targets.map(() => ({ ok: false, found: null })) });
});

test.each([
  [["verify", "../outside.md"], "is no file of this repository"],
  [["verify", "reports/gone.md"], "there is no text file reports/gone.md"],
  [["verify", "reports/good.md", "--identity", "maybe"], "--identity maybe is unknown"],
  [["verify"], "missing required argument"],
])("%j is a usage mistake", async (args, message) => {
  const { code, err } = await pullbeat(await place(), args);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test("a file that cannot be read for sure is never ok", async () => {
  const here = await place({ "deep.md": `${"> ".repeat(60)}[9%](/a.json#/n)\n` });
  expect(await json(here, ["verify", "deep.md"])).toMatchObject({
    code: 1,
    value: { ok: false, unread: [{ file: "deep.md" }] },
  });
});
