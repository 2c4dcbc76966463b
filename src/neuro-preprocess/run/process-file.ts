import { randomBytes } from 'node:crypto'
import { rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Attributes, type Context, isValidTraceId } from '@opentelemetry/api'
import { ScanFault } from '../fault.ts'
import type { Job, LoadReport, Reports } from '../imaging/job.ts'
import type { ImagingThread } from '../imaging/thread.ts'
import type { StepReport } from '../imaging/volume.ts'
import type { Log, LogFields } from '../log.ts'
import type { Measures } from '../telemetry/measures.ts'
import { errorType, type Spans } from './span.ts'

/** The spans of one file, in order; also what --slow takes. */
export const STEPS = ['load_file', 'bias_correct', 'skull_strip', 'smooth', 'normalize', 'write_output'] as const
export type Step = (typeof STEPS)[number]

export interface FileOptions {
  input: string
  output: string
  fwhm: number
  /** Of a scan with several, counted from 0. */
  volume: number
  slow: ReadonlyMap<Step, number>
  warnMegabytes: number
  version: string
}

export interface FileContext {
  spans: Spans
  measures: Measures
  log: Log
  imaging: ImagingThread
  parent: Context
  signal: AbortSignal
  /** Monotonic milliseconds. */
  clock: () => number
  /** Called as each step begins. */
  onStep: (step: Step) => void
}

export interface FileResult {
  file: string
  status: 'success' | 'failed' | 'interrupted'
  duration: number
  output?: string
  /** Which volume was taken, of a scan with several. */
  volume?: number
  volumes?: number
  trace_id?: string
  error?: { type: string; step: string; message: string; hint: string }
}

/** A step that takes longer than this is worth a line in the log. */
const SLOW_SECONDS = 3

/** Reads, works on and writes one scan, under observation. Never rejects: how it ended is in the result. */
export async function processFile(options: FileOptions, about: FileContext): Promise<FileResult> {
  const { input, output } = options
  const { spans, measures, log, parent, clock } = about
  const start = clock()
  const seconds = () => Math.round(clock() - start) / 1000
  const size = await stat(input).then(
    (info) => info.size,
    () => 0,
  )
  const megabytes = Math.round(size / 1e3) / 1e3
  const file: LogFields = { file_path: input, file_size_mb: megabytes }
  const attributes = {
    'file.path': input,
    'file.name': basename(input),
    'file.size': size,
    'neuro.output.path': output,
  }
  const result: FileResult = { file: input, status: 'success', duration: 0 }
  await spans
    .in(
      'process_file',
      attributes,
      async (span) => {
        const { traceId } = span.spanContext()
        if (isValidTraceId(traceId)) result.trace_id = traceId
        log('INFO', 'Processing started', file)
        if (megabytes > options.warnMegabytes) log('WARNING', 'Large file detected, may be slow', file)
        try {
          await steps(options, about, file, (report) => {
            span.setAttributes(describe(report))
            if (report.volumes > 1) Object.assign(result, { volume: report.volume, volumes: report.volumes })
          })
          result.output = output
          measures.processed.add(1, { status: 'success' })
          log('INFO', 'Processing completed', { ...file, output, duration: seconds() })
        } catch (error) {
          told(error as Error, result, about, { ...file, duration: seconds() })
          throw error
        } finally {
          result.duration = seconds()
          if (result.status !== 'interrupted') measures.duration.record(result.duration)
        }
      },
      parent,
    )
    .catch(() => {
      // It is in the result, on the spans and in the log.
    })
  return result
}

async function steps(options: FileOptions, about: FileContext, file: LogFields, onLoad: (report: LoadReport) => void) {
  const { spans, imaging, signal, log, clock, onStep } = about
  /** One step in its span; --slow makes it longer. */
  const step = <J extends Job>(name: Step, job: J, attributes: Record<string, string | number> = {}) =>
    spans.in(name, attributes, async (span) => {
      onStep(name)
      signal.throwIfAborted()
      const start = clock()
      const report = await imaging.do(job)
      const extra = options.slow.get(name)
      if (extra) await delay(extra * 1000, undefined, { signal }).catch(() => signal.throwIfAborted())
      const duration = Math.round(clock() - start) / 1000
      if (duration > SLOW_SECONDS) log('WARNING', 'Step is slow', { ...file, step: name, duration })
      span.setAttributes(attributesOf(job, report))
      return { report, duration }
    })
  const load = await step(
    'load_file',
    { op: 'load', path: options.input, volume: options.volume },
    { 'file.path': options.input },
  )
  onLoad(load.report)
  log('INFO', 'File loaded', {
    ...file,
    shape: load.report.shape.join('x'),
    datatype: load.report.datatype,
    duration: load.duration,
  })
  if (load.report.volumes > 1) {
    const { volume, volumes } = load.report
    log('WARNING', 'Scan has several volumes, one is processed', {
      ...file,
      volume,
      volumes,
      reason: `volume ${volume} of ${volumes}, counted from 0`,
      hint: 'another: --volume N',
    })
  }
  await spans.in('process_image', describe(load.report), async () => {
    await step('bias_correct', { op: 'bias_correct' })
    await step('skull_strip', { op: 'skull_strip' })
    await step('smooth', { op: 'smooth', fwhm: options.fwhm })
    await step('normalize', { op: 'normalize' })
  })
  const temp = `${options.output}.${randomBytes(4).toString('hex')}.tmp`
  const write = { op: 'write', path: options.output, temp, version: options.version } as const
  try {
    await step('write_output', write, { 'file.path': options.output })
  } finally {
    // A thread that is stopped in the middle of it cleans nothing up.
    await rm(temp, { force: true }).catch(() => {})
  }
}

function attributesOf(job: Job, report: Reports[Job['op']]): Attributes {
  if (job.op === 'load') return describe(report as LoadReport)
  if (job.op === 'write') return { 'file.size': (report as Reports['write']).bytes }
  return report as StepReport
}

function describe({ shape, volumes, volume, voxelSize, datatype, byteOrder, format, gzip }: LoadReport) {
  return {
    'neuro.image.shape': shape,
    'neuro.image.voxels': shape[0] * shape[1] * shape[2],
    'neuro.image.volumes': volumes,
    ...(volumes > 1 ? { 'neuro.image.volume': volume } : {}),
    'neuro.image.format': format,
    'neuro.image.voxel_size_mm': voxelSize,
    'neuro.image.datatype': datatype,
    'neuro.image.byte_order': byteOrder,
    'neuro.image.gzip': gzip,
  }
}

/** A failure is counted and logged once, in the span in which it happened. */
function told(error: Error, result: FileResult, { spans, measures, log }: FileContext, fields: LogFields): void {
  const fault = error instanceof ScanFault ? error : undefined
  const origin = spans.originOf(error)
  const step = origin?.name ?? 'process_file'
  const hint = fault?.hint ?? 'This is a bug of neuro-preprocess: please report it with the scan'
  result.error = { type: errorType(error), step, message: error.message, hint }
  if (fault?.code === 'interrupted') {
    result.status = 'interrupted'
    measures.processed.add(1, { status: 'interrupted' })
    log('WARNING', 'Processing interrupted', { ...fields, step, reason: error.message }, origin?.context)
    return
  }
  result.status = 'failed'
  measures.processed.add(1, { status: 'failed' })
  measures.failed.add(1)
  const details = { ...fields, step, error_type: result.error.type, reason: error.message, hint }
  log('ERROR', 'Processing failed', details, origin?.context)
}
