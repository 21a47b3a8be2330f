/** Requests to the chat's server, with a time limit and errors as values to reason about. */
import { fields, text } from "./wire";

/** A request that was answered with an error: the status and the server's sentence, "" if it gave none. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly sentence: string,
  ) {
    super(`HTTP ${status}`);
  }
}

export type Fetch = (input: string, init: RequestInit) => Promise<Response>;

export class Http {
  /** `limit` in ms: a request without an answer for this long is given up. */
  constructor(
    private readonly server: string,
    private readonly fetch: Fetch,
    private readonly limit: number,
  ) {}

  /** Return the JSON of the answer, null if it has none. Throws `Refusal`, or what `fetch` throws. */
  async json(method: string, path: string, token: string | null, body?: object): Promise<unknown> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), this.limit);
    try {
      const response = await this.open(method, path, token, abort.signal, body);
      return response.status === 204 ? null : await response.json();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Return the response once its head is there. Throws as `json` does. */
  async open(
    method: string,
    path: string,
    token: string | null,
    signal: AbortSignal,
    body?: object,
  ): Promise<Response> {
    const headers: Record<string, string> = {};
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const response = await this.fetch(`${this.server}/chat${path}`, {
      method,
      headers,
      body: body ? JSON.stringify(body) : undefined,
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    if (!response.ok) throw await refusalOf(response);
    return response;
  }
}

async function refusalOf(response: Response): Promise<Refusal> {
  let sentence = "";
  try {
    sentence = text(fields(await response.json()).message);
  } catch {
    // Not our server's error page, a proxy's: the status says enough.
  }
  return new Refusal(response.status, sentence);
}
