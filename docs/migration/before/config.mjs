import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

async function getAwsSecrets(name, region = "us-east-1") {
  const client = new SecretsManagerClient({ region });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: name }));
    return JSON.parse(SecretString);
  } catch (e) {
    console.warn(`Warning: Could not load secret ${name}: ${e}`);
    return {};
  }
}

const env = process.env.ENVIRONMENT ?? "development";
const production = env === "production";

export const appSecrets = production ? await getAwsSecrets(`ml-workflow/${env}/app`) : {};
export const apiSecrets = production ? await getAwsSecrets(`ml-workflow/${env}/api-keys`) : {};
