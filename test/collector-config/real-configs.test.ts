import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { addDebugExporter, applyEdits, type Edit, migrateConfig } from '../../src/collector-config.ts'
import { LabError } from '../../src/errors.ts'

/**
 * A folder with configs of other people's collectors, which are not part of this project:
 *   REAL_CONFIGS=/path npx vitest run test/collector-config/real-configs.test.ts
 */
const FOLDER = process.env.REAL_CONFIGS

type Data = { [key: string]: Data } & unknown[]
interface Try {
  what: string
  apply: (text: string) => string
  /** The same done to data, as a reader that is not ours sees it. */
  want: (data: Data) => Data | undefined
}

const edits = (...list: Edit[]) => ({ apply: (text: string) => applyEdits(text, list) })
function withDebug(data: Data): Data | undefined {
  if (data.service?.pipelines?.traces === undefined) return undefined
  const copy = structuredClone(data)
  copy.exporters = { ...copy.exporters, debug: { ...copy.exporters?.debug, verbosity: 'detailed' } } as unknown as Data
  const pipeline = copy.service!.pipelines!.traces!
  const list = pipeline.exporters ?? ([] as unknown as Data)
  if (!list.includes('debug')) pipeline.exporters = [...list, 'debug'] as Data
  return copy
}

const TRIES: Try[] = [
  { what: 'add a debug exporter', apply: (text) => addDebugExporter(text, { verbosity: 'detailed' }), want: withDebug },
  {
    what: 'set a value',
    ...edits({ op: 'set', path: 'processors.batch.timeout', value: '200ms' }),
    want: (data) => {
      const copy = structuredClone(data)
      const batch = { ...copy.processors?.batch, timeout: '200ms' }
      copy.processors = { ...copy.processors, batch } as unknown as Data
      return copy
    },
  },
  {
    what: 'set a value that is nowhere',
    ...edits({ op: 'set', path: 'extensions.zpages.endpoint', value: '127.0.0.1:55679' }),
    want: (data) => {
      const zpages = { ...data.extensions?.zpages, endpoint: '127.0.0.1:55679' }
      return { ...structuredClone(data), extensions: { ...data.extensions, zpages } } as unknown as Data
    },
  },
]

const commentsOf = (text: string) => text.match(/(^|\s)#.*$/gm)?.map((comment) => comment.trim()) ?? []
const read = (text: string): Data => parse(text, { merge: true, maxAliasCount: -1 })

/** What is wrong with one try at one config; undefined where all is well, or it was refused with what to do. */
function fault({ apply, want }: Try, text: string, onRefused: (why: string) => void): string | undefined {
  const before = read(text)
  let after: string
  try {
    after = apply(text)
  } catch (error) {
    if (!(error instanceof LabError)) return `${(error as Error).stack}`
    onRefused(`${error.message.split('\n')[0]} → ${error.hint?.split('\n')[0]}`)
    return error.hint ? undefined : `refused without what to do: ${error.message}`
  }
  const wanted = want(before)
  if (wanted === undefined) return 'was changed, though there is nothing to change'
  if (!isDeepStrictEqual(read(after), wanted)) return 'says something else than was asked'
  if (apply(after) !== after) return 'is changed again by the second time'
  const kept = commentsOf(after)
  const lost = commentsOf(text).find((comment) => !kept.includes(comment))
  return lost === undefined ? undefined : `lost the comment ${lost}`
}

test.runIf(FOLDER)(
  'configs of the field: each is patched exactly, or refused with what to do',
  async () => {
    const names = (await readdir(FOLDER!)).filter((name) => /\.ya?ml$/.test(name))
    expect(names.length).toBeGreaterThan(0)
    const faults: string[] = []
    const refused: string[] = []
    let patched = 0
    for (const name of names) {
      const text = await readFile(join(FOLDER!, name), 'utf8')
      try {
        if (typeof read(text) !== 'object') continue
      } catch {
        // A template or a piece: even a reader that is not ours makes nothing of it.
        try {
          applyEdits(text, [{ op: 'set', path: 'processors.batch.timeout', value: '1s' }])
          faults.push(`${name}: is no YAML, and was patched`)
        } catch (error) {
          if (!(error instanceof LabError && error.hint)) faults.push(`${name}: is no YAML, and: ${error}`)
          else refused.push(`${name}: ${error.message.split('\n')[0]}`)
        }
        continue
      }
      for (const one of TRIES) {
        let was = 'patched'
        const wrong = fault(one, text, (why) => {
          was = 'refused'
          refused.push(`${name}: ${one.what}: ${why}`)
        })
        if (wrong !== undefined) faults.push(`${name}: ${one.what}: ${wrong}`)
        else if (was === 'patched') patched++
      }
      const lifted = migrateConfig(text)
      if (migrateConfig(lifted.text).changes.length > 0) faults.push(`${name}: migrated twice, it changes again`)
    }
    console.log(`${names.length} configs: ${patched} patches, ${refused.length} refusals`)
    for (const line of refused) console.log(`  refused  ${line}`)
    expect(faults).toEqual([])
  },
  600_000,
)

test.skipIf(FOLDER)('configs of the field', () => {
  console.log('REAL_CONFIGS names no folder: the patcher was not tried on configs of other people')
})
