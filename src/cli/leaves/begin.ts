import type { Leaf } from "../leaf.ts";

/** Commands that begin a fleet, move one in, and check what people wrote. */
export const BEGIN: readonly Leaf[] = [
  {
    usage: "init",
    about: "begin a fleet here: config, roles, a board; never overwrites",
    example: "pullbeat init --template studio --remote local",
    options: [
      ["--template <name>", "blank or studio (blank)"],
      ["--login <login>", "what the roster calls you (from git's e-mail)"],
      ["--github", "pulls are pull requests, and workflows tick (asked, where origin is on GitHub)"],
      ["--no-github", "pulls live in the remote; nothing is asked"],
      ["--action <source>", "with --github: the release that workflows run, as `workflows` takes it"],
      ["--remote <kind>", "local: a bare repository beside the folder, as origin"],
      ["--dry-run", "tell what would be done, and do nothing"],
    ],
    load: async () => (await import("../init.ts")).init,
  },
  {
    usage: "adopt <files...>",
    about:
      "move specs and boards of other systems in: prose, subagents, agentic workflows, Paperclip, Backlog.md",
    example: "pullbeat adopt .claude/agents backlog --agent editor --dry-run",
    options: [
      ["--agent <name>", "who gets the tasks that no agent is assigned to"],
      ["--dry-run", "say what would be done, write nothing"],
    ],
    load: async () => (await import("../adopt.ts")).adopt,
  },
  {
    usage: "check",
    about: "mistakes in specs, board and config, by line and column",
    example: "pullbeat check --format github",
    options: [["--format <name>", "text or github"]],
    load: async () => (await import("../check.ts")).check,
  },
  {
    usage: "doctor",
    about: "what is set up wrong, here and at the forge; in the order to mend it",
    example: "pullbeat doctor",
    load: async () => (await import("../doctor.ts")).doctor,
  },
  {
    usage: "completion <shell>",
    about: "completion for bash, zsh or fish: commands, agents, tasks and pulls",
    example: "pullbeat completion bash > ~/.local/share/bash-completion/completions/pullbeat",
    load: async () => (await import("../completion.ts")).completion,
  },
  {
    usage: "workflows",
    about: "write the workflows that run this fleet on GitHub Actions; again, to bring them up to date",
    example: 'pullbeat workflows --action "owner/pullbeat@<full commit id> # v0.1.0"',
    options: [
      ["--action <source>", "where pullbeat is taken from; .@v0.1.0 for this repository (what is there)"],
      ["--dry-run", "say which files would change, write nothing"],
    ],
    load: async () => (await import("../workflows.ts")).workflows,
  },
  {
    usage: "app",
    about: "make a GitHub App for this fleet; with exactly the rights that it needs, its key in a file",
    example: "pullbeat app",
    options: [
      ["--name <name>", "what the app is called (pullbeat-<owner>)"],
      ["--reviewer", "the second identity instead, whose reviews GitHub counts"],
      ["--port <n>", "where its page waits for your browser (one that is free)"],
      ["--page <file>", "write the page instead, for a browser elsewhere, and paste the address it ends at"],
      ["--dry-run", "print the manifest, make nothing"],
    ],
    load: async () => (await import("../app.ts")).app,
  },
  {
    usage: "demo",
    about: "one day of this repository's fleet in a sandbox: no key, no account",
    example: "pullbeat demo",
    options: [["--to <dir>", "where the sandbox goes (.demo)"]],
    load: async () => (await import("../demo.ts")).demo,
  },
];
