import { randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { answerTo, BACK } from "../domain/app/door.ts";
import { failedPage } from "../domain/app/page.ts";
import { APP_FAULTS } from "../domain/app/words.ts";
import { Fault, sentence } from "../domain/fault.ts";

/** A value that nobody can guess, and whether a text is it. */
export function secretWord(): { word: string; is: (text: string) => boolean } {
  const word = randomBytes(32).toString("base64url");
  const own = Buffer.from(word);
  return { word, is: (text) => text.length === word.length && timingSafeEqual(Buffer.from(text), own) };
}

interface DoorParts<T> {
  /** 0: any that is free. */
  port: number;
  minutes: number;
  state: ReturnType<typeof secretWord>;
  /** The page; `redirect`: where GitHub shall send the browser back to. */
  page(redirect: string): string;
  /** Told where the page is, once it is there. */
  open(url: string): void;
  /** What a code is good for, and the page that says so. */
  take(code: string): Promise<{ value: T; page: string }>;
}

/** Nothing of a page is kept, shown in another page, or told to the next one. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * A page on this machine alone, for one way to GitHub and back. Whoever does not know its address sees nothing, whoever
 * comes back without its state is refused, and the first who comes with it ends it.
 */
export async function waitAtDoor<T>(parts: DoorParts<T>): Promise<T> {
  const path = `/${secretWord().word}`;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  let taken = false;
  const server = createServer((request, response) => {
    const knock = {
      method: request.method ?? "",
      host: request.headers.host ?? "",
      target: request.url ?? "",
    };
    const answer = answerTo(knock, { host, path, isState: parts.state.is });
    if (answer.kind === "refused") return say(response, answer.status, failedPage(answer.why));
    if (taken) return say(response, 410, failedPage("this page has been used already"));
    if (answer.kind === "page") return say(response, 200, parts.page(`http://${host}${BACK}`));
    taken = true;
    void parts.take(answer.code).then(
      ({ value, page }) => say(response, 200, page, () => resolve(value)),
      (error: unknown) => say(response, 502, failedPage(sentence(error)), () => reject(error)),
    );
  });
  server.on("error", (error: NodeJS.ErrnoException) => reject(unopened(error, parts.port)));
  server.listen(parts.port, "127.0.0.1");
  await Promise.race([once(server, "listening"), promise]);
  const address = server.address();
  const host = `127.0.0.1:${typeof address === "object" && address !== null ? address.port : parts.port}`;
  const late = setTimeout(() => reject(APP_FAULTS.late(parts.minutes)), parts.minutes * 60_000);
  try {
    parts.open(`http://${host}${path}`);
    return await promise;
  } finally {
    clearTimeout(late);
    server.close();
    server.closeAllConnections();
  }
}

function say(response: ServerResponse, status: number, body: string, then?: () => void): void {
  response.writeHead(status, { ...HEADERS, connection: "close" }).end(body, then);
}

const unopened = (error: NodeJS.ErrnoException, port: number): Fault =>
  new Fault("refused", `port ${port} of this machine cannot be used: ${error.code ?? error.message}`, {
    next: "pullbeat app, which takes one that is free; or another --port",
  });
