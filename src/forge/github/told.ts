import type { Told } from "../../domain/doctor/facts.ts";
import { Fault } from "../../domain/fault.ts";
import { Refusal } from "./refusal.ts";

/** GitHub's no is a fact of its own: never a yes, and never a reason to stop looking. */
export async function told<T>(ask: () => Promise<T>): Promise<Told<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { untold: error.message, status: error instanceof Refusal ? error.status : null };
  }
}

/** What `ask` finds, or `otherwise` where GitHub says that there is none. */
export async function orNone<T, N>(ask: () => Promise<T>, otherwise: N): Promise<T | N> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return otherwise;
    throw error;
  }
}
