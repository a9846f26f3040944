import { constants } from "node:fs";
import { mkdir, open, readdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Refused } from "../domain/airlock.ts";
import type { Hatch } from "../port/airlock.ts";
import { checkPath } from "./names.ts";

/** A folder of the machine; links in it are not followed. */
export const hatchIn = (dir: string): Hatch => ({
  async put(path, content) {
    const at = join(dir, checkPath(path));
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, content);
  },
  async take(path, most) {
    const real = await realpath(join(dir, path)).catch(() => null);
    if (real !== null && real !== join(await realpath(dir), path))
      throw new Refused("file", `${path} leads somewhere else`);
    const file = await open(
      join(dir, checkPath(path)),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    ).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw new Refused("file", `${path} cannot be read: ${error.code}`);
    });
    if (file === null) return null;
    try {
      const found = await file.stat();
      if (!found.isFile()) throw new Refused("file", `${path} is no plain file`);
      if (found.size > most)
        throw new Refused("huge", `${path} is ${found.size} bytes long; at most ${most} are taken`);
      return await file.readFile();
    } finally {
      await file.close();
    }
  },
  list: () => readdir(dir).catch(() => []),
});
