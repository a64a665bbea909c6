/**
 * Reads secrets from Postern. Copy this file into your project. It needs Node.js 20.3 and no package.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const POD_TOKEN = "/var/run/secrets/postern/token";
const WAIT = 60; // seconds, the longest that Postern allows
const LONGEST_PAUSE = 30; // seconds

/**
 * @typedef {{code: string, status?: number, detail?: string, requestId?: string}} Problem
 * @typedef {{answer: any, headers?: import("node:http").IncomingHttpHeaders}} Answer
 */

/** Printed or as JSON, it does not show the value. */
export class Secret {
  #value;

  /** @param {string} name @param {Answer} answer */
  constructor(name, { answer, headers }) {
    this.name = name;
    this.#value = Buffer.from(answer.value, answer.encoding === "base64" ? "base64" : "utf8");
    /** @type {string | null} */
    this.version = answer.version;
    this.fetchedAt = new Date(answer.fetchedAt);
    /** @type {boolean | null} null after a bulk read, which does not say */
    this.stale = headers ? String(headers["cache-status"]).includes("detail=stale") : null;
  }

  get value() {
    return this.#value;
  }

  get text() {
    return this.#value.toString();
  }
}

/**
 * Why there is no secret: Postern's code, or `unreachable`, `no-token` or `invalid-answer` with the status 0. No
 * message contains a value.
 */
export class PosternError extends Error {
  /** @param {string} name @param {Problem} problem @param {number} [retryAfter] seconds */
  constructor(name, { code, status = 0, detail = "", requestId }, retryAfter = 0) {
    super(`${name}: ${status} ${code}: ${detail} (request ${requestId})`);
    Object.assign(this, { name: "PosternError" });
    this.secret = name;
    this.code = code;
    this.status = status;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    /** @type {Record<string, PosternError>} after a bulk read, an error for each name that failed */
    this.errors = {};
  }

  get temporary() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** A name is a reference as in Postern's settings: `[backend:]name[#property][@version]`. */
export class Client {
  #url;
  #tokenFile;
  #timeout;
  // An agent of its own: the global one may use a proxy.
  #agent = new Agent({ keepAlive: false });

  /**
   * The URL is `http://host:port` or `unix:/path`. The token file is read for each request, so it may be rotated.
   *
   * @param {{url?: string, tokenFile?: string, timeout?: number}} [options] timeout in seconds
   */
  constructor({ url, tokenFile, timeout = 10 } = {}) {
    this.#url = url || process.env.SECRETS_URL || "http://127.0.0.1:7740";
    const defaultFile = existsSync(POD_TOKEN) ? POD_TOKEN : join(homedir(), ".postern/token");
    this.#tokenFile = tokenFile || process.env.SECRETS_TOKEN_FILE || defaultFile;
    this.#timeout = timeout;
  }

  /** @param {string} name @param {{signal?: AbortSignal}} [options] @returns {Promise<Secret>} */
  async get(name, { signal } = {}) {
    return new Secret(name, await this.#request(name, pathOf(name), { signal }));
  }

  /**
   * Reads up to 100 secrets in one request: all of them, or none and an error.
   *
   * @param {string[]} names @param {{signal?: AbortSignal}} [options] @returns {Promise<Record<string, Secret>>}
   */
  async getAll(names, { signal } = {}) {
    const query = new URLSearchParams(names.map((name) => ["name", name]));
    const { answer } = await this.#request(names.join(", "), `/secrets?${query}`, { signal });
    /** @type {[string, Problem][]} */
    const problems = Object.entries(answer.errors);
    if (problems.length > 0) {
      const [, worst] = problems.reduce((a, b) => ((b[1].status ?? 0) > (a[1].status ?? 0) ? b : a));
      const error = new PosternError(problems.map(([name]) => name).join(", "), worst);
      error.errors = Object.fromEntries(problems.map(([name, problem]) => [name, new PosternError(name, problem)]));
      error.message = Object.values(error.errors)
        .map(({ message }) => message)
        .join("\n");
      throw error;
    }
    return Object.fromEntries(
      Object.entries(answer.secrets).map(([name, secret]) => [name, new Secret(name, { answer: secret })]),
    );
  }

  /**
   * The current value of a secret, and then each new one, until the signal aborts. The first read fails like `get`.
   * Later, an outage or a rotated token only delays the next value. What waiting does not cure is thrown: the secret is
   * gone or denied.
   *
   * @param {string} name @param {{signal?: AbortSignal}} [options] @returns {AsyncGenerator<Secret, void, void>}
   */
  async *watch(name, { signal } = {}) {
    /** @type {Buffer | undefined} */
    let last;
    for (let tag = "", failures = 0; !signal?.aborted;) {
      try {
        const path = pathOf(name, tag && `wait=${WAIT}s`);
        const answer = await this.#request(name, path, { tag, signal });
        failures = 0;
        if (answer.answer) {
          const secret = new Secret(name, answer);
          tag = answer.headers?.etag ?? "";
          // The tags of a restarted Postern are new, even if the value is not.
          if (!last?.equals(secret.value)) {
            last = secret.value;
            yield secret;
          }
        }
      } catch (error) {
        if (signal?.aborted) return;
        if (!last || !(error instanceof PosternError) || !(error.temporary || error.status === 401)) throw error;
        const pause = Math.min(2 ** failures++, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
        await sleep(Math.max(error.retryAfter, pause) * 1000, undefined, { signal }).catch(() => {});
      }
    }
  }

  /**
   * With a tag it waits, and the answer is null if the value still has that tag.
   *
   * @param {string} name @param {string} path @param {{tag?: string, signal?: AbortSignal}} options
   * @returns {Promise<Answer>}
   */
  async #request(name, path, { tag, signal }) {
    const token = await readFile(this.#tokenFile, "latin1").catch((error) => {
      throw new PosternError(name, { code: "no-token", detail: `${this.#tokenFile}: ${error.code}` });
    });
    const limit = AbortSignal.timeout((this.#timeout + (tag ? WAIT : 0)) * 1000);
    const options = {
      ...(this.#url.startsWith("unix:") && { socketPath: this.#url.slice(5) }),
      path,
      agent: this.#agent,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        Authorization: `Bearer ${token.trim()}`,
        Accept: "application/json",
        ...(tag && { "If-None-Match": tag }),
      },
    };
    const base = this.#url.startsWith("unix:") ? "http://localhost" : this.#url;
    /** @type {[import("node:http").IncomingMessage, Buffer]} */
    const [response, body] = await new Promise((resolve, reject) => {
      request(base, options, (response) => {
        response.toArray().then((chunks) => resolve([response, Buffer.concat(chunks)]), reject);
      })
        .on("error", reject)
        .end();
    }).catch((error) => {
      signal?.throwIfAborted();
      throw new PosternError(name, { code: "unreachable", detail: `${this.#url}: ${error.code ?? error.name}` });
    });
    const { statusCode: status = 0, headers } = response;
    if (status === 304) return { answer: null, headers };
    const answer = parse(body);
    if (status === 200 && (answer?.secrets || answer?.encoding)) return { answer, headers };
    const problem = answer?.code ? answer : { code: "invalid-answer", detail: `${this.#url} is not Postern` };
    throw new PosternError(name, problem, Number(headers["retry-after"] ?? 0));
  }
}

/** @param {Buffer} body */
function parse(body) {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** @param {string} name @param {string} [wait] */
function pathOf(name, wait = "") {
  const [, path, property, version] = /^([^#@]*)(?:#([^@]*))?(?:@([^]*))?$/.exec(name)?.map(encode) ?? ["", name];
  const query = [wait, property && `property=${property}`, version && `version=${version}`].filter(Boolean);
  return `/secrets/${path}?${query.join("&")}`;
}

/** Leaves what is percent-encoded. @param {string} [text] */
function encode(text = "") {
  return encodeURIComponent(text).replace(/%(2F|3A|25)/g, decodeURIComponent);
}
