import { delimiter, dirname } from "node:path";
import type { Host } from "./program.ts";

/** An environment with the way to programs, and nothing else of pullbeat's own. `home`: an empty folder. */
export const bareEnv = (host: Host, home: string): Record<string, string> => ({
  PATH: [dirname(host.node), host.env["PATH"] ?? "/usr/bin:/bin"].join(delimiter),
  HOME: home,
  TMPDIR: home,
  LANG: "C.UTF-8",
  TZ: "UTC",
  // Or else every program in Python leaves files behind that no gate lets pass.
  PYTHONDONTWRITEBYTECODE: "1",
});
