import { plainId, type Board } from "../../domain/adopt/item.ts";
import { kindOf, type Kind } from "../../domain/adopt/kind.ts";
import { refusalAt, type Drafted, type Source } from "../../domain/adopt/source.ts";
import type { Finding } from "../../domain/finding.ts";
import type { AgentName } from "../../domain/id.ts";
import type { Given, Shelf } from "../../port/shelf.ts";
import { archiveOf, inspected, placeIn, type Placed, type Room } from "./adopt-place.ts";
import { reportOf, type Adoption } from "./adopt-report.ts";

export interface AdoptOptions {
  /** Files and folders, as somebody typed them. */
  names: readonly string[];
  /** Who gets the tasks that no agent is assigned to; null: such tasks are refused. */
  agent: AgentName | null;
  /** Says what would be done, and writes nothing. */
  isDry: boolean;
}

/** A file on its way in: recognised, refused already, or at home already. */
type Guest = { given: Given } & ({ source: Source; kind: Kind } | { refusal: Finding } | { home: string });

/**
 * Moves specs and boards of other systems in. Each file ends as created, unchanged or refused. No file is ever written
 * over, no body is changed, and nobody gets a right that a person has not written down here.
 */
export async function adopt(
  shelf: Shelf,
  fleet: Room["fleet"],
  { names, agent, isDry }: AdoptOptions,
): Promise<Adoption> {
  const guests = (await shelf.gather(names)).map((given) => recognise(shelf, given));
  const specs = new Map(
    guests.flatMap((guest) =>
      "kind" in guest && guest.kind.makes === "spec"
        ? [[guest, guest.kind.draft(guest.source)] as const]
        : [],
    ),
  );
  const agents = new Set([...fleet.agents.keys(), ...[...specs.values()].flatMap(namesIn)]);
  const board: Board = { agents, fallback: agent, ids: idsOf(guests, fleet) };
  const room: Room = { shelf, fleet, archive: archiveOf(fleet), isDry, taken: new Map() };
  const placed: Placed[] = [];
  for (const guest of guests) placed.push(await settle(guest));
  return reportOf(placed, agent === null || agents.has(agent) ? null : agent);

  async function settle(guest: Guest): Promise<Placed> {
    const { given } = guest;
    if ("home" in guest) return { end: "unchanged", given, to: guest.home };
    if ("refusal" in guest) return { end: "refused", refusal: guest.refusal };
    const { kind, source } = guest;
    const drafted =
      kind.makes === "task" ? kind.draft(source, board) : (specs.get(guest) ?? kind.draft(source));
    if (!drafted.ok) return { end: "refused", refusal: drafted.refusal };
    return placeIn(room, { given, source, draft: drafted.draft });
  }
}

function recognise(shelf: Shelf, given: Given): Guest {
  const { file, path, text } = given;
  if (typeof text !== "string") return { given, refusal: text };
  const as = path === null ? null : inspected(path);
  const faults = as === null ? [] : shelf.inspect(as, text);
  if (path !== null && as !== null && faults.length === 0) return { given, home: path };
  const source = shelf.open(file, text);
  if ("rule" in source) return { given, refusal: source };
  const kind = kindOf(source);
  if (typeof kind !== "string") return { given, source, kind };
  return { given, refusal: faults[0] ?? refusalAt(source, [], ["kind", kind]) };
}

const namesIn = (drafted: Drafted): AgentName[] =>
  drafted.ok && "agent" in drafted.draft.is ? [drafted.draft.is.agent] : [];

/** Ids that tasks may need: those that are here, and those that come. */
function idsOf(guests: readonly Guest[], fleet: Room["fleet"]): Board["ids"] {
  const coming = guests.flatMap((guest) => {
    const id = "kind" in guest && guest.kind.makes === "task" ? guest.kind.id(guest.source) : null;
    return id === null ? [] : [id];
  });
  const all = [...coming, ...fleet.tasks.keys()];
  return new Map([...all.map((id) => [plainId(id), id] as const), ...all.map((id) => [id, id] as const)]);
}
