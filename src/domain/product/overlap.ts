/** A step of a pattern: over one given character, over any but a slash (`any`), or over none (`null`). */
interface Step {
  over: string | null;
  to: number;
}

const ANY = "any";

/** A pattern as states and steps: it covers a path when the path's characters lead from state 0 to `end`. */
interface Walk {
  steps: Step[][];
  end: number;
}

/** A pattern while it is read: how far, and how many braces are open. */
interface Reader {
  glob: string;
  at: number;
  depth: number;
  steps: Step[][];
}

/** Reads a pattern that `Glob` let through. That every part of a path is a name is seen to by `next`. */
function walkOf(glob: string): Walk {
  const reader: Reader = { glob, at: 0, depth: 0, steps: [[]] };
  const end = sequence(reader, 0);
  return { steps: reader.steps, end };
}

/** Adds a step, to a new state unless one is given; returns where it leads. */
function step({ steps }: Reader, from: number, over: string | null, to = steps.push([]) - 1): number {
  steps[from]?.push({ over, to });
  return to;
}

function sequence(reader: Reader, from: number): number {
  let end = from;
  for (let c = reader.glob[reader.at]; c !== undefined; c = reader.glob[reader.at]) {
    if (reader.depth > 0 && (c === "," || c === "}")) break;
    if (c === "{") end = either(reader, end);
    else end = reader.glob.startsWith("**", reader.at) ? anyDepth(reader, end) : single(reader, end, c);
  }
  return end;
}

/** With a slash behind it, folders in any number, none as well; at the end, whatever lies below. */
function anyDepth(reader: Reader, from: number): number {
  const folder = step(reader, from, null);
  const name = step(reader, folder, ANY);
  step(reader, name, ANY, name);
  step(reader, name, "/", folder);
  const more = reader.glob[reader.at + 2] === "/";
  reader.at += more ? 3 : 2;
  return more ? folder : name;
}

function either(reader: Reader, from: number): number {
  const end = reader.steps.push([]) - 1;
  reader.depth++;
  do {
    reader.at++;
    step(reader, sequence(reader, step(reader, from, null)), null, end);
  } while (reader.glob[reader.at] === ",");
  reader.depth--;
  reader.at++;
  return end;
}

function single(reader: Reader, from: number, character: string): number {
  reader.at++;
  if (character !== "*") return step(reader, from, character === "?" ? ANY : character);
  const some = step(reader, from, null);
  return step(reader, some, ANY, some);
}

/** A pair of states that one and the same beginning of a path leads to. */
interface Meeting {
  a: number;
  b: number;
  path: string;
}

/** The meetings one step further, on either side for nothing, on both over the same character. */
function next({ a, b, path }: Meeting, one: Walk, two: Walk): Meeting[] {
  const [left, right] = [one.steps[a] ?? [], two.steps[b] ?? []];
  return [
    ...left.filter((s) => s.over === null).map((s) => ({ a: s.to, b, path })),
    ...right.filter((s) => s.over === null).map((s) => ({ a, b: s.to, path })),
    ...left.flatMap((l) =>
      right.flatMap((r) => {
        const character = shared(l.over, r.over);
        return character === null || (character === "/" && !isNamed(path))
          ? []
          : [{ a: l.to, b: r.to, path: path + character }];
      }),
    ),
  ];
}

/** True after a whole name. No file's name ends with a dot (see path.ts). */
const isNamed = (path: string): boolean => /[^/.]$/.test(path);

function shared(left: string | null, right: string | null): string | null {
  if (left === null || right === null) return null;
  if (left === ANY && right === ANY) return "x";
  if (left === right) return left;
  if (left === ANY) return right === "/" ? null : right;
  return right === ANY && left !== "/" ? left : null;
}

/** A path that both patterns cover, or null when there is none. Exact for the patterns that `Glob` lets through. */
export function overlaps(globA: string, globB: string): string | null {
  const [one, two] = [walkOf(globA), walkOf(globB)];
  const queue: Meeting[] = [{ a: 0, b: 0, path: "" }];
  const seen = new Set<string>();
  for (const meeting of queue) {
    const { a, b, path } = meeting;
    if (a === one.end && b === two.end && isNamed(path)) return path;
    const key = `${a} ${b} ${isNamed(path)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    queue.push(...next(meeting, one, two));
  }
  return null;
}
