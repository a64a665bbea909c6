// What an editor shows of a postern.yaml: editor.mjs FILE. Speaks to the language server of VS Code and others
// (https://microsoft.github.io/language-server-protocol/) over its standard streams, and prints one JSON object.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const file = process.argv[2]
const uri = pathToFileURL(file).href
const modeline = readFileSync(file, 'utf8').split('\n')[0]
const server = spawn('node_modules/.bin/yaml-language-server', ['--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] })

function write(message) {
  const body = JSON.stringify({ jsonrpc: '2.0', ...message })
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}

const answers = new Map()
let diagnosed = () => {}
function receive(message) {
  if (message.method && message.id !== undefined) {
    // The server asks for settings; there are none.
    write({ id: message.id, result: message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null })
  } else if (message.id !== undefined) {
    answers.get(message.id)(message.result)
  } else if (message.method === 'textDocument/publishDiagnostics') {
    diagnosed(message.params.diagnostics)
  }
}

let buffer = Buffer.alloc(0)
server.stdout.on('data', bytes => {
  buffer = Buffer.concat([buffer, bytes])
  for (;;) {
    const head = buffer.indexOf('\r\n\r\n')
    const length = head < 0 ? 0 : Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, head))[1])
    if (head < 0 || buffer.length < head + 4 + length) return
    const body = buffer.subarray(head + 4, head + 4 + length)
    buffer = buffer.subarray(head + 4 + length)
    receive(JSON.parse(body))
  }
})

let sent = 0
const ask = (method, params) => new Promise(resolve => {
  answers.set(++sent, resolve)
  write({ id: sent, method, params })
})

// Shows the settings to the server, and waits until it has looked at them.
let version = 0
async function show(settings) {
  const diagnostics = new Promise(resolve => { diagnosed = resolve })
  const text = modeline + '\n' + settings
  version++
  if (version === 1) {
    write({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'yaml', version, text } } })
  } else {
    write({ method: 'textDocument/didChange', params: { textDocument: { uri, version }, contentChanges: [{ text }] } })
  }
  return (await diagnostics).map(found => `${found.range.start.line}: ${found.message}`).sort()
}

// Line 0 has the modeline.
const at = (line, character) => ({ textDocument: { uri }, position: { line, character } })
const labels = async (line, character) =>
  (await ask('textDocument/completion', at(line, character))).items.map(item => item.label).sort()

const documentation = ['markdown']
await ask('initialize', {
  processId: process.pid, rootUri: null,
  capabilities: { textDocument: { completion: { completionItem: { documentationFormat: documentation } }, hover: { contentFormat: documentation } } }
})
write({ method: 'initialized', params: {} })
const seen = {}
seen.own = await show(readFileSync(file, 'utf8'))
seen.wrong = await show('postern:\n  cahce: {ttl: 3s}\n  cache: {ttl: soon}\n  http: {port: 70000}\n')
await show('postern:\n  cache:\n    max-stale: 1h\n')
seen.hover = (await ask('textDocument/hover', at(3, 6))).contents.value.replaceAll('\\', '')
await show('\n')
seen.root = await labels(1, 0)
await show('postern:\n  \n')
seen.groups = await labels(2, 2)
await show('postern:\n  audit:\n    sink: \n')
seen.values = await labels(3, 10)
console.log(JSON.stringify(seen))
await ask('shutdown')
write({ method: 'exit' })
