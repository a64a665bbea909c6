// The application's settings: secrets from Postern, read once, when the program starts.
import { readFile } from "node:fs/promises";

const NAMES = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN"];

// Reads all of them in one request, or ends the program with the code of what is wrong.
async function readSecrets(names) {
  const { SECRETS_URL = "http://127.0.0.1:7740", SECRETS_TOKEN_FILE = "/var/run/secrets/postern/token" } = process.env;
  let answer;
  try {
    const token = (await readFile(SECRETS_TOKEN_FILE, "ascii")).trim();
    const query = new URLSearchParams(names.map((name) => ["name", name]));
    const response = await fetch(`${SECRETS_URL}/secrets?${query}`, {
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
      signal: AbortSignal.timeout(10_000),
    });
    answer = await response.json();
  } catch (error) {
    console.error(`No secrets: ${error.cause?.message ?? error.message}`);
    process.exit(1);
  }
  // All that is wrong with single names, or the one problem of the whole request.
  const problems = Object.entries(answer.secrets ? answer.errors : { secrets: answer });
  for (const [name, problem] of problems) {
    console.error(`${name}: ${problem.status} ${problem.code}, request ${problem.requestId}`);
  }
  if (problems.length > 0) {
    process.exit(1);
  }
  return Object.fromEntries(Object.entries(answer.secrets).map(([name, secret]) => [name, secret.value]));
}

export const secrets = await readSecrets(NAMES);
