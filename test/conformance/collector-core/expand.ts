import { decode } from '../../../src/collector-config/decode.ts'
import { envProvider, expandTree, type Provider, yamlProvider } from '../../../src/collector-config/expand.ts'
import { type ConfigNode, plainOf, stringNode } from '../../../src/collector-config/node.ts'
import { any, bool, float, int, list, type Schema, string, struct } from '../../../src/collector-config/schema.ts'
import { judged, type Verdict } from '../shared/tally.ts'
import { ENVIRONMENT } from './environment.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = any

function expandText(
  text: string,
  env: Record<string, string>,
  defaultScheme?: string,
): { node: ConfigNode; error?: string } {
  let error: string | undefined
  const test: Provider = (opaque) => ({ text: opaque })
  const node = expandTree(stringNode(text, 0), {
    providers: { env: envProvider(env, () => {}), yaml: yamlProvider, test },
    report: (message) => (error ??= message),
    ...(defaultScheme && { defaultScheme }),
  })
  return { node, ...(error && { error }) }
}

export function expandCases(cases: Case[]): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) =>
      judged(c.name, () => {
        const { node, error } = expandText(c.input, ENVIRONMENT, c.defaultProvider ? 'env' : undefined)
        const got = error ?? plainOf(node)
        return JSON.stringify(got) === JSON.stringify(c.output) ? undefined : `got ${got}, wanted ${c.output}`
      }),
    ),
  )
}

/** By the end of the field's name in Go; an inline field has text around the value. */
const TYPES: [end: RegExp, schema: Schema][] = [
  [/Int$/, int()],
  [/String$/, string()],
  [/Bool$/, bool()],
  [/Float$/, float()],
  [/Slice$/, list(any())],
]

/** A value in an environment variable, put into a field of a type. */
export function strictCases(cases: Case[]): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) => {
      const field: string = c.targetField.$id
      return judged(`${field} ${JSON.stringify(c.value)}`, () => {
        const schema = TYPES.find(([end]) => end.test(field))?.[1]
        if (schema === undefined) return `there is no field ${field}`
        const text = field.includes('Inline') ? `inline field with \${env:VALUE} expansion` : `\${env:VALUE}`
        const { node, error } = expandText(text, { ...ENVIRONMENT, VALUE: c.value }, 'env')
        if (c.resolveErr !== undefined || error !== undefined) {
          return c.resolveErr !== undefined && error?.includes(c.resolveErr)
            ? undefined
            : `got ${error}, wanted ${c.resolveErr}`
        }
        const holder: ConfigNode = { kind: 'map', at: 0, entries: new Map([['field', { keyAt: 0, value: node }]]) }
        const { settings, problems } = decode(holder, struct('Target', { field: schema }), 0)
        const message = problems[0]?.message
        if (c.unmarshalErr !== undefined) {
          return message?.includes(c.unmarshalErr) ? undefined : `got ${message}, wanted ${c.unmarshalErr}`
        }
        const right = message === undefined && JSON.stringify(settings.field) === JSON.stringify(c.expected)
        return right ? undefined : `got ${message ?? JSON.stringify(settings.field)}, wanted ${c.expected}`
      })
    }),
  )
}
