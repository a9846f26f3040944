import { expect, test } from "vitest";
import { held } from "../../src/domain/control/control.ts";
import { taskOf, Unit } from "../../src/domain/id.ts";
import { order } from "../../src/flow/control.ts";
import { read } from "../../src/flow/read.ts";
import { settleBench } from "./settle-bench.ts";

test("of verbs that are said within one second, the last one holds", async () => {
  const { flow, world } = await settleBench();
  const unit = Unit.parse("T-aaaa");
  const say = { targets: [taskOf(unit)], who: "ann", why: "", until: null };
  for (const verb of ["hold", "resume", "hold", "resume", "hold", "resume"] as const) {
    await order(flow, { ...say, verb });
    const { journal } = await read(flow);
    expect(held(journal.controls, { agent: null, unit }, world.clock.now()) !== null).toBe(verb === "hold");
  }
});
