// Answers questions about clients/node/postern.mjs: a line of JSON for each line.
import { createInterface } from "node:readline";
import { inspect } from "node:util";

const { Client, PosternError } = await import(process.argv[2]);

const client = new Client();
const seen = [];
const ending = new AbortController();

async function follow() {
  try {
    for await (const secret of client.watch(process.argv[3], { signal: ending.signal })) {
      seen.push(secret.text);
    }
    seen.push("cancelled");
  } catch (error) {
    seen.push(error.code);
  }
}

async function answer(question, ...names) {
  switch (question) {
    case "seen":
      return seen;
    case "cancel": {
      const started = Date.now();
      ending.abort();
      await following;
      return [seen.at(-1), Date.now() - started < 2000];
    }
    case "all":
      return Object.fromEntries(Object.entries(await client.getAll(names)).map(([name, { text }]) => [name, text]));
    default: {
      const secret = await client.get(...names);
      const { value, text, stale, version, fetchedAt } = secret;
      const known = (inspect(secret) + JSON.stringify(secret)).includes("canary");
      return [
        question === "bytes" ? value.toString("base64") : text,
        stale,
        version,
        fetchedAt > Date.now() - 60_000,
        known,
      ];
    }
  }
}

async function tryAnswer(words) {
  try {
    return await answer(...words);
  } catch (error) {
    if (!(error instanceof PosternError)) throw error;
    const all = Object.values(error.errors);
    const names = (all.length > 0 ? all : [error]).map(({ secret, code }) => `${secret} ${code}`).sort();
    const { status, code, retryAfter, temporary, detail, message } = error;
    return { error: [status, code, retryAfter > 0, temporary, detail !== ""], names, message };
  }
}

const following = follow();
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await tryAnswer(line.split(" "))));
}
process.exit();
