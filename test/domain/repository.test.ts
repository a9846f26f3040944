import { expect, test } from "vitest";
import { repositoryOf } from "../../src/domain/repository.ts";

test("a repository is read from whichever URL git knows it by", () => {
  const urls = [
    "https://github.com/acme/fleet.git",
    "https://github.com/acme/fleet",
    "https://x-access-token:secret@github.com/acme/fleet.git/",
    "git@github.com:acme/fleet.git",
    "ssh://git@github.com/acme/fleet.git",
  ];
  expect(new Set(urls.map((url) => JSON.stringify(repositoryOf(undefined, url)))).size).toBe(1);
  expect(repositoryOf(undefined, "git@github.com:acme/fleet.git")).toEqual({ owner: "acme", name: "fleet" });
});

test("the config's word counts before the URL's, and no word at all says what to write", () => {
  expect(repositoryOf("acme/my.fleet", "/srv/git/other.git")).toEqual({ owner: "acme", name: "my.fleet" });
  expect(() => repositoryOf(undefined, "fleet.git")).toThrow(/names no repository/);
});

test("a remote in a folder is nobody's repository on GitHub", () => {
  for (const url of [
    "/srv/git/fleet.git",
    "../git/fleet.git",
    "file:///srv/git/fleet.git",
    "C:\\git/fleet.git",
  ])
    expect(() => repositoryOf(undefined, url)).toThrow(/names no repository/);
});
