import { once } from "node:events";
import { createServer } from "node:http";

const call = (id: string, name: string, args: unknown): unknown => ({
  id,
  type: "function",
  function: { name, arguments: JSON.stringify(args) },
});

/** A model that answers at once: it writes one page and hands it in. */
export async function startModel(): Promise<{ url: string; stop: () => void }> {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().once("end", () => {
      const page = `reports/page-${++asked}.md`;
      const tool_calls = [
        call("one", "write", { path: page, text: "# A page\n\nIt says it in one sentence.\n" }),
        call("two", "finish", { summary: "Done." }),
      ];
      const message = { role: "assistant", content: null, tool_calls };
      const body = {
        id: "x",
        object: "chat.completion",
        created: 0,
        model: "instant",
        choices: [{ index: 0, finish_reason: "tool_calls", message }],
        usage: { prompt_tokens: 900, completion_tokens: 60, total_tokens: 960 },
      };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = address !== null && typeof address === "object" ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
