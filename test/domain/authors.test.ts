import { expect, test } from "vitest";
import { authorsOf } from "../../src/domain/clearance/authors.ts";
import { Config } from "../../src/domain/config.ts";

const { roster } = Config.parse({
  version: 1,
  roster: [{ login: "Ann", emails: ["Ann@example.com"] }, { login: "bob" }],
});
const wrote = (author: string, committer = author) =>
  authorsOf([{ author: { email: author }, committer: { email: committer } }], { roster });

test("people are known by their addresses and by those that GitHub gives them, in any case", () => {
  const ann = { coauthors: ["Ann"], stranger: false };
  for (const email of [
    "ann@example.com",
    "1234567+ann@users.noreply.github.com",
    "ANN@users.noreply.GitHub.com",
  ])
    expect(wrote(email)).toEqual(ann);
  expect(wrote("bob@users.noreply.github.com", "ann@example.com").coauthors).toEqual(["Ann", "bob"]);
  expect(authorsOf([], { roster })).toEqual({ coauthors: [], stranger: false });
});

test("GitHub's own signature is nobody's, as long as it is not the author's", () => {
  expect(wrote("ann@example.com", "noreply@github.com")).toEqual({ coauthors: ["Ann"], stranger: false });
  expect(wrote("noreply@github.com").stranger).toBe(true);
});

test("whose address nobody knows may be anybody without one", () => {
  for (const email of [
    "home@example.com",
    "eve+ann@users.noreply.github.com",
    "ann@users.noreply.github.com.example.com",
    "annie@users.noreply.github.com",
    "x1+ann@users.noreply.github.com",
    "ann@usersxnoreply.github.com",
  ])
    expect(wrote(email)).toEqual({ coauthors: ["bob"], stranger: true });
});
