import type OpenAI from "openai";
import type { OpenaiConfig } from "../domain/config.ts";
import { cost } from "../domain/plan/price.ts";
import type { Model } from "../port/model.ts";
import { readCompletion, wholeBody } from "./completion.ts";
import { readFailure } from "./failure.ts";

const OPENAI = "https://api.openai.com/v1";

export interface OpenaiParts {
  config: OpenaiConfig;
  /** The model's name at the endpoint; without it the config's. */
  model?: string | undefined;
  temperature?: number | undefined;
  /** Where the key is looked up, by the name in the config. */
  env: Readonly<Record<string, string | undefined>>;
}

/** Why no model can be called: OpenAI's own endpoint wants a key. Of others nobody knows before they are asked. */
export function missingKey({ config, env }: Pick<OpenaiParts, "config" | "env">): string | null {
  const isNeeded = isOpenai(urlOf(config, env)) && (env[config.key] ?? "") === "";
  return isNeeded ? `no key: set ${config.key}` : null;
}

const urlOf = ({ base_url }: OpenaiConfig, env: OpenaiParts["env"]): string =>
  // On Actions a variable that nobody set is there, and empty.
  base_url ?? (env["OPENAI_BASE_URL"] || OPENAI);

/** A model behind any endpoint that speaks Chat Completions. Statuses and broken connections are tried again. */
export function openaiModel({ config, model = config.model, temperature, env }: OpenaiParts): Model {
  const baseURL = urlOf(config, env);
  const key = env[config.key] ?? "";
  let client: Promise<OpenAI> | null = null;

  return {
    name: model,
    ...(temperature === undefined ? {} : { temperature }),
    scripted: false,
    cost: (tokens) => cost(tokens, Object.hasOwn(config.prices, model) ? config.prices[model] : undefined),
    async complete(request, signal) {
      const reason = missingKey({ config, env });
      if (reason !== null) return { ok: false, failure: "auth", reason };
      try {
        client ??= connect({ config, baseURL, key, env });
        // The string itself, so that these are the bytes whose SHA-256 stands in the record.
        const body = JSON.stringify(request);
        const headers = { "content-type": "application/json" };
        const completion = await (await client).post("/chat/completions", { body, headers, signal });
        return readCompletion(completion);
      } catch (error) {
        return readFailure(error, key);
      }
    },
  };
}

/** Importing the library costs more than starting pullbeat, so it is loaded when a model is called. */
async function connect(parts: {
  config: OpenaiConfig;
  baseURL: string;
  key: string;
  env: OpenaiParts["env"];
}): Promise<OpenAI> {
  const { config, baseURL, key, env } = parts;
  const { default: Client } = await import("openai");
  return new Client({
    baseURL,
    // Servers of one's own often want none, but the library insists.
    apiKey: key === "" ? "none" : key,
    adminAPIKey: null,
    organization: env["OPENAI_ORG_ID"] ?? null,
    project: env["OPENAI_PROJECT_ID"] ?? null,
    timeout: config.timeout * 1000,
    maxRetries: config.retries,
    // Its log would show request bodies.
    logLevel: "off",
    fetch: wholeBody,
  });
}

const isOpenai = (url: string): boolean => URL.parse(url)?.hostname === "api.openai.com";
