import { Fault } from "../domain/fault.ts";

/** A token of an app for the repository that Actions runs in, and when it ends. */
export async function appTokenFor(app: {
  id: string;
  key: string;
}): Promise<{ token: string; until: string }> {
  if (app.id === "" || app.key === "")
    throw new Fault("config", "there is no app to make a token of: its id or its key is empty", {
      expected: "a variable with the app's id and a secret with its private key, as the workflow names them",
      next: "Settings, Secrets and variables, Actions; then run the job again",
    });
  const { mintToken } = await import("../wire-jobs.ts");
  return mintToken(app);
}
