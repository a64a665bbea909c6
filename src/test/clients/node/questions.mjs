// Answers the questions on standard input, one on a line, by the functions of a client.
import { createInterface } from 'node:readline'

export async function answer(functions, code) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [name, ...rest] = line.split(' ')
    try {
      const value = await functions[name](...rest)
      if (value instanceof Uint8Array) console.log('binary', Buffer.from(value).toString('base64'))
      else console.log('text', typeof value === 'string' ? value : JSON.stringify(value))
    } catch (e) {
      console.log('error', code(e))
    }
  }
}
