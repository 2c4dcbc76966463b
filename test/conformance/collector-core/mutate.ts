// biome-ignore lint/suspicious/noExplicitAny: a config as plain data
type Plain = any

/** What a component of the suite says that is made to be refused; `nop.ts` has the components. */
export const FAULT = 'a fault of its own'

const generated = (): Plain => ({
  receivers: { nop: null },
  processors: { nop: null },
  exporters: { nop: null },
  connectors: { 'nop/conn': null },
  extensions: { nop: null },
  service: {
    extensions: ['nop'],
    pipelines: { traces: { receivers: ['nop'], processors: ['nop'], exporters: ['nop'] } },
  },
})

const COMPONENT = /component\.MustNewID(?:WithName)?\("([^"]*)"(?:, "([^"]*)")?\)/g
const PIPELINE = /pipeline\.NewID(?:WithName)?\(x?pipeline\.Signal(\w+)(?:, "([^"]*)")?\)/
const idOf = ([, type, name]: RegExpMatchArray) => (name === undefined ? type! : `${type}/${name}`)
const idsIn = (text: string) => [...text.matchAll(COMPONENT)].map(idOf)

function pipelineIn(text: string): string {
  const [, signal, name] = PIPELINE.exec(text) ?? []
  if (signal === undefined) throw new Error(`no pipeline in ${text}`)
  return name === undefined ? signal.toLowerCase() : `${signal.toLowerCase()}/${name}`
}

/**
 * The suite changes a generated config by statements in Go; here they change the same config as YAML. `pipelines` is
 * the case where the config is the pipelines alone. Throws on a statement that it does not know.
 */
export function mutate(code: string, pipelines: boolean): Plain {
  const config = generated()
  const aliases = new Map<string, string>()
  const body = code.slice(code.indexOf('{') + 1, code.lastIndexOf('}'))
  const statements = statementsOf(body).filter((one) => !/^cfg := generateConfig\(t?\)$|^return cfg$/.test(one))
  for (const statement of statements) change(config, aliases, statement, pipelines)
  return config
}

/** Lines, joined as long as a bracket is open. */
function statementsOf(body: string): string[] {
  const statements: string[] = []
  let open = 0
  for (const line of body.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    if (open > 0) statements[statements.length - 1] += ` ${line}`
    else statements.push(line)
    open += line.split(/[({[]/).length - line.split(/[)}\]]/).length
  }
  return statements
}

function change(config: Plain, aliases: Map<string, string>, statement: string, pipelines: boolean): void {
  const all = config.service.pipelines
  const [left, right] = statement.split(/ :?= (.*)/s) as [string, string | undefined]
  if (statement === 'return nil' && pipelines) config.service.pipelines = {}
  else if (right === undefined) throw new Error(`the statement ${statement} is not known`)
  else if (/^pipe$/.test(left)) aliases.set(left, pipelineIn(right))
  else if (/^cfg\.(Receivers|Processors|Exporters|Connectors|Extensions)$/.test(left) && right === 'nil') {
    delete config[left.slice(4).toLowerCase()]
  } else if (/^cfg\.(Receivers|Processors|Exporters|Connectors|Extensions)\[/.test(left)) {
    const section = /^cfg\.(\w+)/.exec(left)![1]!.toLowerCase()
    const [id] = idsIn(left)
    config[section] = { ...config[section], [id!]: /validateErr:/.test(right) ? { fault: FAULT } : null }
  } else if (left === 'cfg.Service.Telemetry' && right === 'fakeTelemetryConfig{}') {
    // The tests' own telemetry config, with nothing in it.
  } else if (left === 'cfg.Service.Pipelines' && /^nil$|\{\}$/.test(right)) config.service.pipelines = {}
  else if (left === 'cfg.Service.Extensions') config.service.extensions = listOf(right, config.service.extensions)
  else if (/^pipe\.\w+$/.test(left)) {
    const key = left.slice(5).toLowerCase()
    const pipeline = all[aliases.get('pipe')!]
    pipeline[key] = listOf(right, pipeline[key])
  } else if (/^cfg(\.Service\.Pipelines)?\[.*\]\.\w+$/.test(left)) {
    all[pipelineIn(left)][/\w+$/.exec(left)![0].toLowerCase()] = listOf(right, [])
  } else if (/^cfg(\.Service\.Pipelines)?\[.*\]$/.test(left)) {
    const keys = [...right.matchAll(/(\w+):\s*\[\]component\.ID\{([^}]*)\}/g)]
    all[pipelineIn(left)] = Object.fromEntries(keys.map(([, key, ids]) => [key!.toLowerCase(), idsIn(ids!)]))
  } else throw new Error(`the statement ${statement} is not known`)
}

/** `nil`, or `append(LIST, ids)`, or `append(LIST, LIST...)`. */
function listOf(right: string, list: string[]): string[] {
  if (right === 'nil') return []
  if (!right.startsWith('append(')) throw new Error(`${right} is not known`)
  return [...list, ...(right.endsWith('...)') ? list : idsIn(right))]
}
