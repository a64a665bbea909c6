import {
  BatchGetSecretValueCommand, GetSecretValueCommand, SecretsManagerClient
} from '@aws-sdk/client-secrets-manager'
import { answer } from './questions.mjs'

const client = new SecretsManagerClient()
const value = secret => secret.SecretString ?? secret.SecretBinary
const get = async input => value(await client.send(new GetSecretValueCommand(input)))

await answer({
  get: SecretId => get({ SecretId }),
  stage: (SecretId, VersionStage) => get({ SecretId, VersionStage }),
  batch: async (...SecretIdList) => {
    const all = await client.send(new BatchGetSecretValueCommand({ SecretIdList }))
    return Object.fromEntries([
      ...all.SecretValues.map(secret => [secret.Name, value(secret)]),
      ...all.Errors.map(error => [error.SecretId, error.ErrorCode])
    ])
  }
}, e => e.name)
