import { inCopy, type Ran } from "./copy.ts";
import { DEFENCES, type Defence } from "../hostile/defences/index.ts";

// `npm run defences [part of a claim or a path…]`: takes out one defence at a time, in a copy, and sees that the test
// which is named beside it fails. Exit code 1 when one is not missed.

/** The names of the tests that failed; null when it cannot be said, since the run did not end or broke otherwise. */
function failed(ran: Ran): readonly string[] | null {
  if (ran === "endless" || !ran.clean || ran.modules.some((m) => m.errors().length > 0)) return null;
  return ran.modules.flatMap((m) => [...m.children.allTests("failed")].map((t) => t.fullName));
}

const count = (ran: Ran): number =>
  ran === "endless" ? 0 : ran.modules.flatMap((m) => [...m.children.allTests("passed")]).length;

const exact = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));

const wanted = process.argv.slice(2);
const chosen = DEFENCES.filter(
  ({ claim, file }) => wanted.length === 0 || wanted.some((w) => claim.includes(w) || file.includes(w)),
);
let unmissed = 0;
await inCopy(async (copy) => {
  const miss = async ({ file, code, without, test, named }: Defence): Promise<string | null> => {
    const whole = copy.read(file);
    const before = await copy.run(file, whole, [test], exact(named));
    if (failed(before)?.length !== 0) return "the test does not pass while the defence stands";
    if (count(before) === 0) return "no test has that name";
    const now = failed(
      await copy.run(
        file,
        whole.replace(code, () => without),
        [test],
        exact(named),
      ),
    );
    if (now === null) return "the code did not run without it: say less of it";
    return now.length > 0 ? null : "nobody misses it";
  };
  for (const defence of chosen) {
    const wrong = await miss(defence);
    if (wrong !== null) unmissed++;
    console.log(
      `${wrong ?? "missed"}: ${defence.claim} (${defence.file}; ${defence.test}: ${defence.named})`,
    );
  }
});
console.log(`${chosen.length} defences taken out, ${unmissed} not missed`);
process.exit(unmissed > 0 ? 1 : 0);
