import type { Instant, Login } from "../domain/id.ts";

/** A comment of a person's, as it stands now. */
export interface Remark {
  id: number;
  /** The pull or the issue that it stands under. */
  on: number;
  by: Login;
  body: string;
  /** When it was written. */
  at: Instant;
  /** Somebody changed it since: whose words it holds now, nobody can tell. */
  edited: boolean;
  /** Somebody nodded at it. */
  nodded: boolean;
}

/** An open issue that its label makes the wish for a task. */
export interface Wish {
  on: number;
  by: Login;
  title: string;
  body: string;
  at: Instant;
  /** Somebody closed it before, and opened it again. */
  reopened: boolean;
}

/** What people said of late, and which of it was answered in words, by the ids of journal's words. */
export interface Overheard {
  remarks: Remark[];
  wishes: Wish[];
  answered: ReadonlySet<string>;
}

/** Where people talk beside their reviews. Every method may be repeated without doing anything twice. */
export interface Talk {
  /** Words of people, never of apps or of the fleet's own accounts; of the last two days, and every open wish. */
  listen(): Promise<Overheard>;
  /** The quiet answer: nobody is notified. */
  nod(remark: Pick<Remark, "id">): Promise<void>;
  /** `id`: the word that is answered. */
  answer(on: number, id: string, text: string): Promise<void>;
  /** Ends an issue as done. */
  finish(on: number): Promise<void>;
}
