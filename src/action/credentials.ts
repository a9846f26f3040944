import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Answers git's two questions. The token itself stands in no file and on no command line. */
const ASKPASS = `#!/bin/sh
case "$1" in
  Username*) echo x-access-token ;;
  *) printf '%s\\n' "$PULLBEAT_GIT_TOKEN" ;;
esac
`;

/** What git needs in its environment to use a token, and nothing on the disk but a question's answerer. */
export async function credentials(token: string, temp: string): Promise<Record<string, string>> {
  const script = join(await mkdtemp(join(temp, "pullbeat-")), "askpass.sh");
  await writeFile(script, ASKPASS);
  await chmod(script, 0o700);
  return { GIT_ASKPASS: script, PULLBEAT_GIT_TOKEN: token };
}
