// Measures how OTLP logs become Loki streams, against Loki's own test cases. Bundle it with esbuild, then
//   node otlp-to-loki.mjs SUITES [--all]
// where SUITES holds otlp-to-loki/otlp-to-loki.json.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readConfig } from '../../src/embedded/config.ts'
import { readOtlpConfig } from '../../src/embedded/loki/config/otlp-rules.ts'
import { createLabelNamer } from '../../src/embedded/loki/ingest/label-name.ts'
import { otlpToStreams } from '../../src/embedded/loki/ingest/otlp.ts'
import { DEFAULT_INDEX_LABELS } from '../../src/embedded/loki/ingest/otlp-config.ts'
import { requestFromJson } from '../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../src/otlp/protobuf.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = Record<string, any>

const suites = process.argv[2] ?? process.env.OTEL_LAB_SUITES

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

if (suites === undefined) {
  console.log('otlp-to-loki: SKIPPED, no suites folder given (argument or OTEL_LAB_SUITES)')
} else {
  const suite: Case = JSON.parse(await readFile(join(suites, 'otlp-to-loki/otlp-to-loki.json'), 'utf8'))
  const discover: string[] = suite.default_service_name_discovery
  let failed = 0
  const tally = (name: string, results: [boolean, string][]) => {
    const good = results.filter(([ok]) => ok).length
    console.log(`${name}: ${good} of ${results.length}`)
    if (process.argv.includes('--all')) for (const [ok, detail] of results) if (!ok) console.log(`  ✗ ${detail}`)
    failed += results.length - good
  }
  tally(
    'otlp-to-loki, requests to streams',
    suite.push.map((c: Case) => {
      const got = convert(c.otlp, c, discover)
      return [sameStreams(got, c.streams), `${c.name}: got ${JSON.stringify(got)}`]
    }),
  )
  tally(
    'otlp-to-loki, records to lines',
    suite.entry.map((c: Case) => {
      const otlp = { resourceLogs: [{ scopeLogs: [{ logRecords: [c.record] }] }] }
      const got = Object.fromEntries(convert(otlp, c, [])[0]!.entries[0]!.metadata)
      return [isDeepStrictEqual(got, c.metadata), `${c.name}: got ${JSON.stringify(got)}`]
    }),
  )
  tally('otlp-to-loki, default index labels', [
    [isDeepStrictEqual(DEFAULT_INDEX_LABELS, suite.default_index_labels), JSON.stringify(DEFAULT_INDEX_LABELS)],
  ])
  process.exitCode = failed > 0 ? 1 : 0
}
