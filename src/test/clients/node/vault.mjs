import vault from 'node-vault'
import { answer } from './questions.mjs'

const client = vault() // VAULT_ADDR, VAULT_TOKEN

await answer({
  get: async name => (await client.read(`secret/data/${name}`)).data.data,
  version: async (name, version) => (await client.read(`secret/data/${name}?version=${version}`)).data.data,
  first: async name => (await client.read(`kv/${name}`)).data,
  names: async (path = '') => (await client.list(`secret/metadata/${path}`)).data.keys,
  lookup: async () => (await client.tokenLookupSelf()).data.display_name,
  put: name => client.write(`secret/data/${name}`, { data: { a: 'b' } }),
  health: async () => (await client.health()).sealed
}, e => e.response?.statusCode ?? e.message)
