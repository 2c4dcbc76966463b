import type { Completion, CompletionContext, CompletionResult, CompletionSource } from '@codemirror/autocomplete'
import type { Metric } from '../../page-server/answers.ts'
import type { Language } from '../parts/language.ts'
import { ask } from '../state/answers.ts'
import { LOGQL_WORDS, PROMQL_WORDS, TRACEQL_WORDS } from './words.ts'

/** What may come at the cursor: what the backend knows now, and the language's own words. */
export function completionFor(language: Language): CompletionSource {
  const source = { PromQL: promql, LogQL: logql, TraceQL: traceql }[language]
  return async (context) => source(context).catch(() => null)
}

const VALUE = /([A-Za-z_][\w.:]*)\s*(?:=~|!~|!=|=)\s*"([^"]*)$/
const WORD = /[A-Za-z_.:][\w.:]*$/

interface Place {
  /** Inside the quotes of this label's value. */
  label?: string
  inBraces: boolean
  from: number
}

/** Undefined where nobody is typing and nobody asks. */
function placeOf(context: CompletionContext): Place | undefined {
  const before = context.state.sliceDoc(0, context.pos)
  const value = VALUE.exec(before)
  if (value) return { label: value[1]!, inBraces: true, from: context.pos - value[2]!.length }
  const bare = before.replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, (text) => ' '.repeat(text.length))
  const word = WORD.exec(bare)
  if (!word && !context.explicit && !/[{,(]\s*$/.test(bare)) return undefined
  const inBraces = bare.lastIndexOf('{') > bare.lastIndexOf('}')
  return { inBraces, from: context.pos - (word?.[0].length ?? 0) }
}

const list = (from: number, options: Completion[]): CompletionResult => ({ from, options, validFor: /^[^"{}(),\s]*$/ })
const plain = (type: string) => (label: string) => ({ label, type })

async function promql(context: CompletionContext): Promise<CompletionResult | null> {
  const place = placeOf(context)
  if (!place) return null
  if (place.label) return list(place.from, (await values('/api/metrics/labels', place.label)).map(plain('text')))
  const inGrouping = /\b(by|without|on|ignoring)\s*\([^)]*$/.test(context.state.sliceDoc(0, context.pos))
  if (place.inBraces || inGrouping)
    return list(place.from, (await ask<string[]>('/api/metrics/labels')).map(plain('property')))
  const metrics = await ask<Metric[]>('/api/metrics/names')
  const names = metrics.map(({ name, type, help }) => ({ label: name, detail: type, info: help, boost: 1 }))
  return list(place.from, [...names, ...PROMQL_WORDS.map(plain('function'))])
}

async function logql(context: CompletionContext): Promise<CompletionResult | null> {
  const place = placeOf(context)
  if (!place) return null
  if (place.label) return list(place.from, (await values('/api/logs/labels', place.label)).map(plain('text')))
  if (place.inBraces) return list(place.from, (await ask<string[]>('/api/logs/labels')).map(plain('property')))
  return list(place.from, LOGQL_WORDS.map(plain('function')))
}

async function traceql(context: CompletionContext): Promise<CompletionResult | null> {
  const place = placeOf(context)
  if (!place) return null
  if (place.label) return list(place.from, (await values('/api/tags', place.label)).map(plain('text')))
  if (!place.inBraces) return list(place.from, TRACEQL_WORDS.map(plain('function')))
  const scopes = await ask<Record<string, string[]>>('/api/tags')
  const names = Object.entries(scopes).flatMap(([scope, tags]) =>
    tags.map((tag) => (scope === 'intrinsic' ? tag : `${scope}.${tag}`)),
  )
  return list(place.from, names.map(plain('property')))
}

const values = (path: string, name: string) => ask<string[]>(`${path}/${encodeURIComponent(name)}`)
