import { attributeOf, stringOf } from '../../otlp/attributes.ts'
import type { Span } from '../../otlp/types.ts'
import { arg, define, type OttlFunction, opt } from '../function.ts'

/** The versions of the semantic conventions that the real one knows. */
const [OLDEST, NEWEST] = ['1.37.0', '1.43.0']

type Read = (...names: string[]) => string | undefined

const joined = (between: string, ...parts: (string | undefined)[]) => parts.filter(Boolean).join(between)

const server = (read: Read) => joined(':', read('server.address'), read('server.address') && read('server.port'))

const http = (subject: string) => (read: Read) => {
  const method = read('http.request.method', 'http.method')
  return method && joined(' ', method, read(subject))
}

function rpc(read: Read) {
  const system = read('rpc.system.name', 'rpc.system')
  const [method, service] = [read('rpc.method', 'rpc.grpc.method'), read('rpc.service', 'rpc.grpc.service')]
  if (system === undefined) return undefined
  if (service === undefined) return method ?? system
  return `${service}/${method ?? '*'}`
}

function database(read: Read) {
  const system = read('db.system.name', 'db.system')
  if (system === undefined) return undefined
  const summary = read('db.query.summary')
  if (summary !== undefined) return summary
  const place = joined('.', read('db.namespace', 'db.name'), read('db.collection.name', 'db.stored_procedure.name'))
  return joined(' ', read('db.operation.name', 'db.operation'), place || server(read)) || system
}

function messaging(read: Read) {
  const system = read('messaging.system')
  if (system === undefined) return undefined
  const named = read('messaging.destination.template', 'messaging.destination.name', 'messaging.destination')
  const destination =
    read('messaging.destination.temporary') === 'true'
      ? '(temporary)'
      : read('messaging.destination.anonymous') === 'true'
        ? '(anonymous)'
        : (named ?? server(read))
  return joined(' ', read('messaging.operation.name', 'messaging.operation'), destination) || system
}

/** By the kind of span, the first that has a name for it: server, client, producer, consumer. */
const NAMES: Record<number, ((read: Read) => string | undefined)[]> = {
  2: [http('http.route'), rpc, messaging],
  3: [http('url.template'), rpc, database, messaging],
  4: [messaging],
  5: [messaging],
}

function nameOf(span: Span): string {
  const read: Read = (...names) => {
    const value = names.map((name) => attributeOf(span.attributes, name)).find((one) => one !== undefined)
    return value === undefined ? undefined : stringOf(value)
  }
  for (const derive of NAMES[span.kind] ?? []) {
    const name = derive(read)
    if (name) return name
  }
  return span.name
}

function checkVersion(text: string): void {
  const found = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(text)
  if (found === null)
    throw new Error(`failed to parse semconv version ${JSON.stringify(text)}: invalid semantic version`)
  const sortable = (parts: (string | undefined)[]) => parts.map((part) => (part ?? '0').padStart(6, '0')).join()
  const version = sortable(found.slice(1))
  if (version >= sortable(OLDEST.split('.')) && version <= sortable(NEWEST.split('.'))) return
  const range = `must be between ${OLDEST} and ${NEWEST}`
  throw new Error(`unsupported semconv version ${JSON.stringify(text)}: ${range}`)
}

export const SPAN_NAMES: readonly OttlFunction[] = [
  define(
    'set_semconv_span_name',
    [arg('SemconvVersion', 'string'), opt('OriginalSpanNameAttribute', 'string')],
    ([, keep], { span }) => {
      const [before, name] = [span!.name, nameOf(span!)]
      span!.name = name
      if (before === name || keep === undefined) return
      const others = span!.attributes.filter(({ key }) => key !== keep)
      span!.attributes.splice(0, span!.attributes.length, ...others, { key: keep, value: before })
    },
    ([version, keep]) => {
      if (typeof version === 'string') checkVersion(version)
      if (keep === '') throw new Error('originalSpanNameAttribute cannot be an empty string')
    },
  ),
]
