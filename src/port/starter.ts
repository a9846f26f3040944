import type { Found, Step, Template } from "../domain/starter/starter.ts";

/** A folder in which a fleet is to begin. */
export interface Kit {
  /** What is there, beside what the template holds. Changes nothing; asks the remote where there is one. `github`: pulls shall be pull requests. */
  look(template: Template, how?: { github: boolean }): Promise<Found>;
  /** Does one step. A file that appeared meanwhile is a `Fault`, never overwritten. */
  take(step: Step): Promise<void>;
}
