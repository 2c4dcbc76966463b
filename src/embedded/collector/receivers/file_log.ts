import { mkdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Signal } from '../../../otlp/types.ts'
import { writeFileAtomic } from '../../../util/atomic-write.ts'
import type { Accept, Build, Component, Payload } from '../component.ts'
import { UNTRACKED } from '../delivery.ts'
import type { Storage } from '../extensions/file_storage.ts'
import { withRetry } from '../sending/retry.ts'
import { SendError } from '../sending/send-error.ts'
import { type Entry, logsOf, toValue } from './file_log/entry.ts'
import { createFinder } from './file_log/find.ts'
import { createFollower, type Place } from './file_log/follow.ts'
import { createChain } from './file_log/operators.ts'
import { createSplit, type Piece } from './file_log/split.ts'

/** The lines of files below the lab's own folder, as log records. */
export function createFileLog(build: Build, accept: Partial<Record<Signal, Accept>>): Component {
  const { config, filesDir, logger, telemetry, tap } = build
  const s = config.settings
  const labels = { receiver: config.id }
  const place = { signal: 'logs', kind: 'receiver', id: config.id, protocol: 'file' } as const
  const stopping = new AbortController()
  const find = createFinder(filesDir, s.include, s.exclude)
  const chain = createChain(s.operators, (operator, action, error) =>
    logger.error('Failed to process entry', {
      operator_id: operator.id ?? operator.type,
      operator_type: operator.type,
      error: error.message,
      action,
    }),
  )
  const follower = createFollower(filesDir, s, createSplit(s), take, (path) =>
    logger.info('Started watching file', { path }),
  )
  let running: Promise<void> | undefined
  let savePlaces = async () => {}
  telemetry.gauge('otelcol_fileconsumer_open_files', {}, () => follower.open())
  telemetry.gauge('otelcol_fileconsumer_reading_files', {}, () => 0)

  async function take(path: string, pieces: Piece[], base: number, first: number): Promise<void> {
    const entries = pieces
      .flatMap(({ text, at }, i) => (text === '' ? [] : [entryOf(path, text, base + at, first + i)]))
      .filter(chain)
    if (entries.length === 0) return
    const data = logsOf(entries, Date.now())
    const bytes = pieces.reduce((sum, { text }) => sum + text.length, 0)
    const payload = { signal: 'logs', data, delivery: UNTRACKED } as Payload
    const count = (verb: string, value: number) => telemetry.add(`otelcol_receiver_${verb}_log_records`, labels, value)
    for (const verb of ['accepted', 'refused', 'failed']) count(verb, 0)
    tap.note(place, 'in', payload, { bytes, peer: path })
    try {
      const retry = { ...s.retry_on_failure, randomization_factor: 0.5, multiplier: 1.5 }
      await withRetry(
        async () => {
          try {
            await accept.logs!('logs', data)
          } catch (error) {
            const permanent = (error as { permanent?: boolean }).permanent === true
            throw new SendError((error as Error).message, { permanent })
          }
        },
        {
          settings: retry,
          signal: stopping.signal,
          onRetry: (error, interval) =>
            logger.warn('ConsumeLogs() failed. Enqueuing for retry', { error: error.message, interval }),
        },
      )
      count('accepted', entries.length)
    } catch (error) {
      count('refused', entries.length)
      tap.refuse(place, payload, error)
      logger.error('ConsumeLogs() failed', { error: (error as Error).message })
    }
  }

  function entryOf(path: string, text: string, offset: number, number: number): Entry {
    const attributes = new Map(
      Object.entries(s.attributes as Record<string, string>).map(([k, v]) => [k, toValue(v, true)]),
    )
    const say = (when: boolean, key: string, value: string | bigint) => when && attributes.set(key, value)
    say(s.include_file_name, 'log.file.name', basename(path))
    say(s.include_file_path, 'log.file.path', path)
    say(s.include_file_name_resolved, 'log.file.name_resolved', basename(path))
    say(s.include_file_path_resolved, 'log.file.path_resolved', path)
    say(s.include_file_record_number, 'log.file.record_number', BigInt(number))
    say(s.include_file_record_offset, 'log.file.record_offset', BigInt(offset))
    const resource = new Map(
      Object.entries(s.resource as Record<string, string>).map(([k, v]) => [k, toValue(v, true)]),
    )
    return { body: text, attributes, resource, timeUnixNano: 0n, severityNumber: 0, severityText: '' }
  }

  async function remember(): Promise<void> {
    if (s.storage === undefined) return
    const folder = (build.extension(s.storage) as Storage).folderFor('receiver', config.id, '')
    const path = join(folder, 'places.json')
    await mkdir(folder, { recursive: true })
    const before = await readFile(path, 'utf8').catch(() => '[]')
    follower.restore(placesOf(before))
    let written = ''
    savePlaces = async () => {
      const text = JSON.stringify(follower.places().map((one) => ({ ...one, head: one.head.toString('base64') })))
      if (text === written) return
      await writeFileAtomic(path, text)
      written = text
    }
  }

  async function follow(): Promise<void> {
    let none = false
    while (!stopping.signal.aborted) {
      const paths = await find()
      if (paths.length === 0 && !none) {
        logger.warn('no files match the configured criteria', { include: s.include.join(', ') })
      }
      none = paths.length === 0
      await follower.poll(paths, stopping.signal).catch((error: Error) => logger.error(error.message))
      await savePlaces().catch((error: Error) => logger.error('Failed to save places', { error: error.message }))
      await sleep(s.poll_interval, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }

  return {
    async start() {
      logger.info('Starting stanza receiver')
      await remember()
      running = follow()
    },
    async stop() {
      logger.info('Stopping stanza receiver')
      stopping.abort()
      await running
    },
  }
}

function placesOf(text: string): Place[] {
  try {
    const kept = JSON.parse(text) as { head: string; offset: number; records: number }[]
    return kept.map((one) => ({ ...one, head: Buffer.from(one.head, 'base64') }))
  } catch {
    return []
  }
}
