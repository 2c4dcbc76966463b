// Measures how OTLP logs become Loki streams, against Loki's own test cases, otlp-to-loki/otlp-to-loki.json.
import { isDeepStrictEqual } from 'node:util'
import { readConfig } from '../../src/embedded/config.ts'
import { readOtlpConfig } from '../../src/embedded/loki/config/otlp-rules.ts'
import { createLabelNamer } from '../../src/embedded/loki/ingest/label-name.ts'
import { otlpToStreams } from '../../src/embedded/loki/ingest/otlp.ts'
import { DEFAULT_INDEX_LABELS } from '../../src/embedded/loki/ingest/otlp-config.ts'
import { requestFromJson } from '../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../src/otlp/protobuf.ts'
import { measure } from './shared/measure.ts'
import { judged } from './shared/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = Record<string, any>

/** The settings of a case, read from YAML as the product reads them. */
function settingsOf(c: Case, discover: string[]) {
  const { resource_attributes: resource, ...rest } = c.otlp_config ?? {}
  const yaml = c.otlp_config
    ? { ...rest, resource_attributes: { ignore_defaults: true, attributes_config: resource } }
    : {}
  const section = readConfig(JSON.stringify({ yaml }), 'case').section('yaml')
  const config = readOtlpConfig(section, readConfig('', 'none'))
  section.finish()
  return { config, discoverServiceName: c.discover_service_name ?? discover }
}

function convert(otlp: unknown, c: Case, discover: string[]) {
  // By way of protobuf, so that both decoders are in it.
  const data = decodeRequest('logs', encodeRequest('logs', requestFromJson('logs', otlp)))
  return otlpToStreams(data, settingsOf(c, discover), createLabelNamer(), () => 0n).map(({ text, entries }) => ({
    labels: text,
    entries: entries.map(({ nanos, line, metadata }) => ({ ts: String(nanos), line, metadata: [...metadata] })),
  }))
}

const sameStreams = (got: ReturnType<typeof convert>, want: Case[]) =>
  isDeepStrictEqual(
    got,
    want.map((s) => ({
      labels: s.labels,
      entries: s.entries.map((e: Case) => ({ ...e, metadata: Object.entries(e.metadata) })),
    })),
  )

await measure('otlp-to-loki', async ({ load, tally, part, knows }) => {
  const suite: Case = load('otlp-to-loki/otlp-to-loki.json')
  const discover: string[] = suite.default_service_name_discovery
  await part('otlp-to-loki, requests to streams', async () => {
    const put = (c: Case) =>
      judged(c.name, () => {
        const got = convert(c.otlp, c, discover)
        return sameStreams(got, c.streams) ? undefined : `got ${JSON.stringify(got)}`
      })
    tally('otlp-to-loki, requests to streams', await Promise.all(suite.push.map(put)))
  })
  await part('otlp-to-loki, records to lines', async () => {
    const put = (c: Case) =>
      judged(c.name, () => {
        const otlp = { resourceLogs: [{ scopeLogs: [{ logRecords: [c.record] }] }] }
        const got = Object.fromEntries(convert(otlp, c, [])[0]!.entries[0]!.metadata)
        return isDeepStrictEqual(got, c.metadata) ? undefined : `got ${JSON.stringify(got)}`
      })
    tally('otlp-to-loki, records to lines', await Promise.all(suite.entry.map(put)))
  })
  tally('otlp-to-loki, default index labels', [
    [isDeepStrictEqual(DEFAULT_INDEX_LABELS, suite.default_index_labels), JSON.stringify(DEFAULT_INDEX_LABELS)],
  ])
  const lists = ['push', 'entry', 'default_index_labels', 'default_service_name_discovery']
  knows('otlp-to-loki', suite, lists)
})
