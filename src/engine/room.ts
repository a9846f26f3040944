import { bytesOf } from "../domain/text/text.ts";
import type { Job } from "../port/engine.ts";
import { BYTES_A_TOKEN, failed, type Failed } from "./meter.ts";
import type { Talk } from "./talk.ts";

/** What a model can read at once, held against a conversation that grows. */
export interface Room {
  /** Shortens older answers when the next request would not fit; the end when it does not fit even then. */
  make(): Failed | null;
  /** After an endpoint refused a request of so many bytes as too long: null when a shorter one may be sent. */
  refused(bytes: number, reason: string): Failed | null;
  /** Answers that were shortened so far. */
  shortened(): number;
}

export function startRoom({ config, watch }: Pick<Job, "config" | "watch">, talk: Talk): Room {
  let room = config.engines.openai.context * BYTES_A_TOKEN;
  let shortened = 0;

  const outOfRoom = (why: string): Failed =>
    failed(
      "stalled/context",
      `the conversation got too long: ${why}; ${shortened} older answers had been shortened by then`,
    );
  const make = (): Failed | null => {
    const answers = talk.shorten(room);
    shortened += answers;
    if (answers > 0) watch({ kind: "shortens", answers });
    const bytes = bytesOf(talk.next());
    return bytes <= room ? null : outOfRoom(`a request of ${bytes} bytes, and ${room} are the most`);
  };
  return {
    make,
    shortened: () => shortened,
    refused(bytes, reason) {
      const before = shortened;
      // The model behind the endpoint reads less than the config says.
      room = Math.min(room, Math.floor((bytes * 2) / 3));
      const full = make();
      return shortened > before && full === null ? null : outOfRoom(reason);
    },
  };
}
