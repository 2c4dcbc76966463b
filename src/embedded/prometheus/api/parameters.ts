import { QueryError } from '../../../errors.ts'
import { modelDurationMs } from '../../series/model-duration.ts'
import { parseSelector } from '../promql/parse.ts'
import type { Matcher } from '../store/head.ts'
import { badParameter, located } from './answers.ts'

/** Float seconds or RFC 3339, to ms. Undefined when it is neither. */
function parseTime(text: string): number | undefined {
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Math.round(Number(text) * 1000)
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[-+]\d\d:\d\d)$/.test(text)) return undefined
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

export function timeParameter(params: URLSearchParams, name: string, fallback: number): number {
  const text = params.get(name) ?? ''
  if (text === '') return fallback
  const time = parseTime(text)
  if (time === undefined) {
    throw badParameter(name, `Invalid time value for '${name}': cannot parse "${text}" to a valid timestamp`)
  }
  return time
}

/** Like timeParameter, for parameters that must be there. */
export function requiredTime(params: URLSearchParams, name: string): number {
  const text = params.get(name) ?? ''
  const time = parseTime(text)
  if (time === undefined) throw badParameter(name, `cannot parse "${text}" to a valid timestamp`)
  return time
}

/** Float seconds or a Prometheus duration, to ms. */
export function durationParameter(params: URLSearchParams, name: string, fallback?: number): number {
  const text = params.get(name) ?? ''
  if (text === '' && fallback !== undefined) return fallback
  const seconds = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
  const ms = seconds === undefined ? modelDurationMs(text) : Math.round(seconds * 1000)
  if (ms === undefined) throw badParameter(name, `cannot parse "${text}" to a valid duration`)
  return ms
}

/** 0 means no limit. */
export function limitParameter(params: URLSearchParams): number {
  const text = params.get('limit') ?? ''
  if (text === '') return 0
  if (!/^\d+$/.test(text)) {
    throw badParameter(
      'limit',
      /^-\d+$/.test(text) ? 'limit must be non-negative' : `cannot parse "${text}" to a valid limit`,
    )
  }
  return Number(text)
}

export function truncated<T>(list: T[], limit: number): { list: T[]; warnings: string[] } {
  if (limit === 0 || list.length <= limit) return { list, warnings: [] }
  return { list: list.slice(0, limit), warnings: ['results truncated due to limit'] }
}

/** The selectors of all `match[]`; a series belongs when any of them lets it pass. */
export function matchParameter(params: URLSearchParams): Matcher[][] {
  return params.getAll('match[]').map((text) => {
    try {
      const matchers = parseSelector(text)
      if (!matchers.every((matcher) => matcher.matches(''))) return matchers
    } catch (error) {
      if (error instanceof QueryError) throw badParameter('match[]', located(error))
      throw error
    }
    throw badParameter('match[]', 'match[] must contain at least one non-empty matcher')
  })
}

export function timeRange(params: URLSearchParams): { start: number; end: number } {
  const start = timeParameter(params, 'start', Number.NEGATIVE_INFINITY)
  const end = timeParameter(params, 'end', Number.POSITIVE_INFINITY)
  return { start, end }
}
