/** A name that somebody may type, and what it stands for. */
export interface Glimpse {
  name: string;
  about: string;
}

/** What a clone knows by itself. Nobody is asked, and nothing is parsed with care: it helps to type, and decides nothing. */
export interface Glance {
  agents(): Promise<Glimpse[]>;
  /** Only ids that begin so: a board may hold thousands. */
  tasks(beginning: string): Promise<Glimpse[]>;
  /** As they were when the remote was last read. */
  pulls(): Promise<Glimpse[]>;
  /** The newest first. */
  beats(beginning: string): Promise<Glimpse[]>;
  people(): Promise<Glimpse[]>;
}
