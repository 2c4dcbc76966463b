import { type Static, Type } from '@sinclair/typebox'
import { closed, Id, pathInLab, text, word } from './words.ts'

const common = {
  name: Type.Optional(Id),
  together: Type.Optional(
    Type.Boolean({ description: 'Starts with the step before it instead of after it: several programs at once' }),
  ),
  timeout: Type.Optional(
    Type.Integer({ description: 'Seconds after which it is ended; 60 unless said', minimum: 1, maximum: 600 }),
  ),
}
const environment = {
  env: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: 'Variables on top of those by which it finds the lab' }),
  ),
}
const args = Type.Optional(Type.Array(text('One argument'), { description: 'Arguments' }))

const Demo = Type.Object(
  {
    demo: word(
      ['normal', 'stress', 'slow'],
      'Our own neuro-preprocess, over healthy scans, over some broken ones, or with a slow step',
    ),
    files: Type.Optional(
      Type.Union([Type.Integer({ minimum: 1 }), Type.String({ pattern: '^\\$\\{[a-z_]+\\}$' })], {
        description: 'Only so many scans',
      }),
    ),
    seed: Type.Optional(
      Type.Union(
        [Type.Literal('random'), Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\$\\{[a-z_]+\\}$' })],
        { description: 'Which scans break and how; random is another each time' },
      ),
    ),
    ...environment,
    ...common,
  },
  { ...closed, description: 'Our demonstration' },
)

const App = Type.Object(
  {
    app: pathInLab(
      "The learner's program in the lab folder, such as app/main.py (.py, .js, .mjs, .ts, .sh, .rb, or executable); app/main alone takes whichever ending is there",
    ),
    args,
    ...environment,
    ...common,
  },
  { ...closed, description: "The learner's own file" },
)

const Command = Type.Object(
  {
    command: Type.Array(text('Program, then its arguments'), { minItems: 1 }),
    ...environment,
    ...common,
  },
  { ...closed, description: 'Any command, in the lab folder' },
)

const Request = Type.Object(
  {
    request: text('URL on this machine; the request carries a traceparent of its own, which is ${trace}'),
    method: Type.Optional(word(['GET', 'POST'])),
    body: Type.Optional(Type.String()),
    headers: Type.Optional(Type.Record(Type.String(), Type.String())),
    times: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
    ...common,
  },
  { ...closed, description: 'An HTTP request to something that the learner runs' },
)

/** What a drive may stop: the collector, and what it sends to, or what comes to it. */
export const STOPPABLE = ['otel-collector', 'tempo', 'prometheus', 'loki'] as const
const backend = word([...STOPPABLE])

const Stop = Type.Object(
  { stop: backend },
  { ...closed, description: 'Stops a component; it is started again when the drive is over, however it ends' },
)
const Start = Type.Object({ start: backend }, { ...closed, description: 'Starts it again before that' })
const Wait = Type.Object(
  { wait: Type.Number({ minimum: 0.1, maximum: 60 }) },
  { ...closed, description: 'Seconds in which nothing is run' },
)
/** No program: what happens to the lab meanwhile. */
const Outage = Type.Union([Stop, Start, Wait])

export const Step = Type.Union([Demo, App, Command, Request, Stop, Start, Wait])

/** Where telemetry of an attempt may be watched for. */
export const Way = word(['by-id', 'by-search', 'logs', 'metrics'])
export type Way = Static<typeof Way>

export const Drive = Type.Object(
  {
    run: Type.Array(Step, { description: 'One after the other', minItems: 1 }),
    watch: Type.Optional(
      Type.Array(Way, {
        description: 'Note when telemetry shows: in Tempo by id and by search, in Loki, in Prometheus',
        minItems: 1,
        uniqueItems: true,
      }),
    ),
  },
  { ...closed, description: 'What a check runs under a run id of its own, so that it judges nothing older' },
)

export type DriveStep = Static<typeof Step>
export type OutageStep = Static<typeof Outage>
export type Stoppable = (typeof STOPPABLE)[number]
export type DriveSpec = Static<typeof Drive>
