import { Fault } from "../domain/fault.ts";
import { pathFault, refFault } from "../domain/path.ts";

/** A full ref name, unchanged; a `Fault` where git could read it as anything else. */
export function checkRef(ref: string): string {
  const fault = ref.startsWith("refs/") ? refFault(ref) : "the ref has no full name";
  if (fault === null) return ref;
  throw new Fault("broken", `${JSON.stringify(ref)} cannot be a ref: ${fault}`, {
    expected: "a full name such as refs/heads/main",
  });
}

/** A path that may be written, unchanged. Gates refuse others long before; here none gets through. */
export function checkPath(path: string): string {
  const fault = pathFault(path);
  if (fault === null) return path;
  throw new Fault("broken", `${JSON.stringify(path)} cannot be written: ${fault}`);
}
