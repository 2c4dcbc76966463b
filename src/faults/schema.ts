import { type Static, type TSchema, Type } from '@sinclair/typebox'

/** An enum rather than a union of constants: its message names the values that there are. */
const oneOf = <const T extends readonly string[]>(values: T, description?: string) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description ? { description } : {}) })
const closed = <T extends Record<string, TSchema>>(properties: T, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description ? { description } : {}) })
const text = (description: string, minLength = 1, maxLength = 300) => Type.String({ description, minLength, maxLength })

const SERVICES = ['otel-collector', 'tempo', 'prometheus', 'loki'] as const
const service = (description?: string) => oneOf(SERVICES, description)

const environment = (description: string) =>
  Type.Record(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$' }), Type.String(), { description, minProperties: 1 })

const edit = closed({
  in: Type.Optional(service('Whose config; by default that of `where`, else of the collector')),
  op: oneOf(['set', 'add', 'remove']),
  path: text('Such as processors.batch.timeout or scrape_configs[0].static_configs[0].targets'),
  value: Type.Optional(Type.String({ description: 'YAML, as one would type it' })),
})
const edits = (description: string) => Type.Array(edit, { description, minItems: 1 })

const query = Type.Array(Type.String(), {
  description: 'What follows `otel-lab query`; <run> is the id of the run that it is meant to find',
  minItems: 2,
})

const how = closed({
  env: Type.Optional(environment("What the app's environment says")),
  edits: Type.Optional(edits('To the config of a component, which is restarted with them')),
  unapplied: Type.Optional(edits('To the file alone, afterwards: what runs does not know of them')),
  stop: Type.Optional(service('A component that is stopped')),
  relay: Type.Optional(
    closed(
      {
        to: service('Where a connection to <relay> is led'),
        port: text('Which of its ports, as `otel-lab status` calls them: otlp-grpc, otlp-http, http, prometheus'),
        does: oneOf(['silent', 'reset', 'delay'], 'silent: takes all and answers nothing'),
        ms: Type.Optional(Type.Integer({ minimum: 1, maximum: 120_000, description: 'With delay: in each direction' })),
      },
      'A bad line on the way; its address is <relay>',
    ),
  ),
  query: Type.Optional(query),
})

const mend = closed(
  {
    unset: Type.Optional(Type.Array(Type.String(), { description: 'Variables to take out of the environment' })),
    env: Type.Optional(environment('Variables to set')),
    edits: Type.Optional(edits('To the config, which is then read again')),
    restart: Type.Optional(Type.Array(service(), { description: 'Components to start again, as they are' })),
    query: Type.Optional(query),
  },
  'What a learner would do',
)

export const HOPS = [
  'app',
  'sdk',
  'sampling',
  'export',
  'receiver',
  'processor',
  'connector',
  'exporter',
  'backend',
  'scrape',
  'query',
] as const

/** exercises/faults/NAME.yaml. The published exercises/fault.schema.json is this very object; a test sees to it. */
export const FaultSchema = Type.Object(
  {
    title: text('What is wrong, in a few words', 10, 90),
    cause: text('Told when it is given up: why nothing comes, and where one could have seen it', 20, 400),
    where: oneOf(['app', 'sdk', ...SERVICES, 'network', 'query'], 'Where it is put in'),
    how,
    signals: Type.Array(oneOf(['traces', 'metrics', 'logs']), {
      description: 'Which signals of a run do not come out as they should',
      minItems: 1,
      uniqueItems: true,
    }),
    loses: Type.Optional(
      oneOf(
        ['all', 'root', 'errors', 'exemplars', 'name', 'run', 'output', 'search', 'answer'],
        'What of them: all of it (the default), the root span, ERROR lines, exemplars, the service name, the run id, what debug prints, found by id but not by search, a query finds nothing',
      ),
    ),
    hop: oneOf(HOPS, 'The hop that does not do its part'),
    words: closed({
      must: Type.Array(Type.String({ minLength: 2 }), {
        description: 'Each must be said by the diagnosis; `a|b` is one or the other; letter case does not matter',
        minItems: 1,
      }),
      never: Type.Optional(
        Type.Array(Type.String({ minLength: 2 }), { description: 'None may be said: they would mislead' }),
      ),
    }),
    doctor: Type.Optional(
      oneOf(
        ['finds', 'cannot'],
        "cannot: it lies in the app's own run, its data or a query, which a probe does not pass",
      ),
    ),
    blind: Type.Optional(
      oneOf(
        ['finds', 'cannot'],
        'cannot: only who looks into the collector can tell, which no engine but the embedded one lets anybody do',
      ),
    ),
    mend,
    demo: Type.Optional(oneOf(['normal', 'stress'], 'The run that shows it; normal unless said')),
    engines: Type.Array(oneOf(['embedded', 'docker', 'external']), { minItems: 1, uniqueItems: true }),
    level: Type.Integer({
      minimum: 1,
      maximum: 3,
      description: 'For incidents: 1 is plain, 3 takes several questions',
    }),
  },
  {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'otel-lab fault',
    description:
      'exercises/faults/NAME.yaml: what is broken, how it is put in, what must be said of it, what mends it.',
    additionalProperties: false,
  },
)

export type FaultFile = Static<typeof FaultSchema>
export type FaultEdit = Static<typeof edit>
export type FaultService = (typeof SERVICES)[number]
