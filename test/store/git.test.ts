import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { gitIn, lastWords } from "../../src/store/git.ts";
import { answered, porcelainIn } from "../../src/store/porcelain.ts";
import { makeWorld } from "../world.ts";

/** git, where a script stands in for it. */
async function fakeGit(script: string): Promise<ReturnType<typeof gitIn>> {
  const { dir, clone, env } = await makeWorld();
  const bin = join(dir, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "git"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return gitIn(clone, { ...env, PATH: `${bin}:${env["PATH"] ?? ""}` });
}

test("a git that is not there is named, with what to do", async () => {
  const { clone, env } = await makeWorld();
  await expect(gitIn(clone, { ...env, PATH: clone }).run(["version"])).rejects.toMatchObject({
    code: "git",
    message: "git could not be started",
    next: expect.stringContaining("install git"),
  });
});

test("a git that a signal ends is a failure, whatever it printed before", async () => {
  const git = await fakeGit("echo done; kill -9 $$");
  await expect(git.run(["status"], { ok: [0, 1] })).rejects.toMatchObject({
    message: expect.stringMatching(/^git status failed \(128\)/),
  });
  expect(await git.run(["status"], { ok: "any" })).toMatchObject({ code: 128 });
});

test("a command that ends before it has read its input says so by its code, and takes nobody down", async () => {
  const git = await fakeGit("echo no >&2; exit 7");
  const input = "x".repeat(4_000_000);
  await expect(git.run(["hash-object", "--stdin"], { input })).rejects.toMatchObject({
    message: "git hash-object failed (7): no",
  });
});

test("bytes come as they are, and an empty input is an input", async () => {
  const { clone, env, commit } = await makeWorld();
  const bytes = new Uint8Array([0xff, 0, 0xfe, 10, 0xc3]);
  await commit({ "a.bin": bytes });
  const git = gitIn(clone, env);
  expect(new Uint8Array((await git.run(["cat-file", "blob", "HEAD:a.bin"])).out)).toEqual(bytes);
  expect((await git.run(["hash-object", "--stdin"], { input: "" })).out.toString()).toBe(
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\n",
  );
});

test("what simple-git refuses or git cannot do is a fault like any other", async () => {
  const { clone, env, dir } = await makeWorld();
  const git = porcelainIn(clone, { ...env, EDITOR: "vi", PAGER: "less", GIT_DIR: dir });
  await answered("init", git.init(true, ["--initial-branch=main", join(dir, "made.git")]));
  await expect(answered("clone", git.clone(join(dir, "nowhere.git"), join(dir, "x")))).rejects.toMatchObject({
    code: "git",
    message: expect.stringMatching(/^git clone failed: .*nowhere\.git/),
  });
});

test("what git says of a remote is told without the credentials in its address", () => {
  const said = "hint: try again\nfatal: Authentication failed for 'https://ann:t0ken@example.com/x.git/'\n";
  expect(lastWords(said)).toBe("fatal: Authentication failed for 'https://example.com/x.git/'");
  expect(lastWords("fatal: 'ssh://git@example.com/ann@home' is not there")).toBe(
    "fatal: 'ssh://example.com/ann@home' is not there",
  );
});
