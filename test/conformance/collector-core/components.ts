import { debugExporter } from '../../../src/collector-config/components/debug.ts'
import { decode } from '../../../src/collector-config/decode.ts'
import { readDocument } from '../../../src/collector-config/document.ts'
import { formatId, parseComponentId, parsePipelineId } from '../../../src/collector-config/ids.ts'
import { judged, type Verdict } from '../shared/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = any

export function idCases(cases: Case[], kind: 'component' | 'pipeline'): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) => {
      const text: string = kind === 'component' ? c.name : c.idStr
      return judged(text.slice(0, 60), () => {
        const parsed = (kind === 'component' ? parseComponentId : parsePipelineId)(text)
        if ('error' in parsed) return c.expectedErr ? undefined : parsed.error
        const name = c.expectedID?.nameVal ?? c.expectedID?.name ?? ''
        const written = text.split('/').map((part) => part.trim())
        const right = !c.expectedErr && parsed.name === name && formatId(parsed) === written.join('/')
        return right
          ? undefined
          : `got ${JSON.stringify(parsed)}, wanted ${JSON.stringify(c.expectedID ?? 'a refusal')}`
      })
    }),
  )
}

/** The exporter's settings in Go, written as YAML. */
export function debugCases(cases: Case[]): Promise<Verdict[]> {
  return Promise.all(
    cases.map((c) =>
      judged(c.name, () => {
        const yaml = Object.fromEntries(
          Object.entries<Case>(c.cfg)
            .map(([key, value]) => [
              key.replaceAll(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase(),
              value?.$id ? value.$id.replace(/^configtelemetry\.Level/, '').toLowerCase() : value,
            ])
            .filter(([, value]) => value !== null),
        )
        const { checks, problems } = decode(readDocument(JSON.stringify(yaml)).root, debugExporter.schema, 0)
        const got = [...problems, ...checks].map((p) => p.message)
        const right = c.expected ? got.includes(c.expected) : got.length === 0
        return right ? undefined : `got ${JSON.stringify(got)}, wanted ${c.expected ?? 'none'}`
      }),
    ),
  )
}
