// The application's settings: secrets from Postern, read once, when the program starts.
import { Client } from "./postern.mjs";

const NAMES = ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "HF_API_TOKEN"];

const answer = await new Client().getAll(NAMES).catch((error) => {
  console.error(`No secrets: ${error.message}`);
  process.exit(1);
});

export const secrets = Object.fromEntries(NAMES.map((name) => [name, answer[name].text]));
