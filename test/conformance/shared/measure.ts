import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTally, type Group, type Tally } from './tally.ts'

export interface Measurement {
  /** A file of the suites. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
  load(file: string): any
  tally: Tally
  /** A server to put the cases to, where they can be put to one. */
  url: string | undefined
  /** A part of the measurement. One that cannot be run is a failed case with its name. */
  part(name: string, work: () => unknown): Promise<void>
  /** Fails what a suite holds and this measurement does not know, so that nothing is passed over in silence. */
  knows(file: string, suite: object, known: string[]): void
}

/** One measurement: SUITES [--all] [--url URL] [--reports FOLDER]; prints N of M a group, and what is out of scope. */
export async function measure(name: string, body: (measurement: Measurement) => unknown): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { all: { type: 'boolean' }, url: { type: 'string' }, reports: { type: 'string' } },
  })
  const suites = positionals[0]!
  const tally = createTally(console.log, values.all ?? false)
  const part: Measurement['part'] = async (title, work) => {
    try {
      await work()
    } catch (error) {
      tally(title, [[false, `could not be run: ${(error as Error).stack}`]])
    }
  }
  const knows: Measurement['knows'] = (file, suite, known) => {
    const strangers = Object.entries(suite).filter(([key, value]) => Array.isArray(value) && !known.includes(key))
    for (const [key, list] of strangers) {
      tally(
        `${file} ${key}`,
        list.map(() => [false, 'this measurement does not know how to put it']),
      )
    }
  }
  const load = (file: string) => JSON.parse(readFileSync(join(suites, file), 'utf8'))
  await part(name, () => body({ load, tally, url: values.url, part, knows }))
  report(name, tally.groups, values.reports)
}

function report(name: string, groups: Group[], folder: string | undefined): void {
  const sum = (list: Group[], of: 'good' | 'all') => list.reduce((total, group) => total + group[of], 0)
  const counted = groups.filter((group) => group.outOfScope === undefined)
  const aside = groups.filter((group) => group.outOfScope !== undefined)
  const rest = aside.length > 0 ? `; out of scope and not counted: ${sum(aside, 'good')} of ${sum(aside, 'all')}` : ''
  console.log(`= ${name}: ${sum(counted, 'good')} of ${sum(counted, 'all')}${rest}`)
  if (folder !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify({ name, groups }))
  process.exitCode = sum(counted, 'good') < sum(counted, 'all') ? 1 : 0
}
