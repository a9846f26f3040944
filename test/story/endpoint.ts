import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { LLMock } from "@copilotkit/aimock";
import { onTestFinished } from "vitest";

/** What reached the endpoint, byte for byte. */
interface Heard {
  model: string;
  body: string;
  /** What was answered; null when the connection was cut. */
  status: number | null;
}

export interface Endpoint {
  /** For `base_url`. */
  url: string;
  mock: LLMock;
  heard: Heard[];
}

/** An OpenAI-compatible server on loopback, and in front of it one that writes down what it hears. Stops with the test. */
export async function startEndpoint(): Promise<Endpoint> {
  const mock = new LLMock({ port: 0, strict: true, logLevel: "silent" });
  await mock.start();
  const heard: Heard[] = [];
  const server = createServer((request, response) => void pass(mock.url, heard, { request, response }));
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await mock.stop();
  });
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/v1`, mock, heard };
}

/** Hands a request on, and the answer back. */
async function pass(
  to: string,
  heard: Heard[],
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const body = (await buffer(request)).toString();
  const line: Heard = { model: String(JSON.parse(body).model), body, status: null };
  heard.push(line);
  const headers = { "content-type": "application/json" };
  try {
    const said = await fetch(`${to}${request.url}`, { method: "POST", headers, body });
    const text = await said.text();
    line.status = said.status;
    const retry = said.headers.get("retry-after");
    response
      .writeHead(said.status, retry === null ? headers : { ...headers, "retry-after": retry })
      .end(text);
  } catch {
    // What was cut there is cut here.
    request.socket.destroy();
  }
}

/** A config whose models are asked at a URL. */
export const configAt = (url: string): string => `version: 1
roster:
  - { login: ann, emails: [ann@example.com] }
engines:
  openai:
    base_url: ${url}
    retries: 2
    timeout: 5
    prices: { talker: { input: 1, output: 10 } }
`;

/** A spec whose model bears the agent's own name, so that the endpoint knows who asks. */
export const agentAt = (name: string, more = ""): string =>
  `---\nname: ${name}\ndescription: Writes reports\nengine: { kind: openai, model: ${name} }\n` +
  `reads: [data/**]\nproduces: ["reports/${name}*.md"]\n${more}---\nWrite what the data say.\n`;

/** Calls that write a report and hand it in. */
export const handsIn = (name: string): { id: string; name: string; arguments: string }[] => [
  {
    id: `call_${name}_1`,
    name: "write",
    arguments: JSON.stringify({ path: `reports/${name}.md`, text: `# By ${name}\n` }),
  },
  {
    id: `call_${name}_2`,
    name: "finish",
    arguments: JSON.stringify({ summary: `Wrote reports/${name}.md.` }),
  },
];

/** What a world shows, without what chance and the prompt's wording decide. */
export const steady = (shown: string): string =>
  shown
    .replaceAll(/[0-9a-f]{64}\.jsonl/g, "<sha256>.jsonl")
    .replaceAll(/(control\/\S+Z)-[a-z2-9]{6}\./g, "$1-<id>.");
