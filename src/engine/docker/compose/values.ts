import { parseDuration } from '../../../util/duration.ts'
import type { Part } from './part.ts'
import { composeBytes, splitWords } from './words.ts'

/** A list of words, or a command line that is split as a shell would. */
export function commandLine(part: Part): string[] | undefined {
  if (part.isNothing) return undefined
  if (part.isList) return part.texts()
  return part.parsed(splitWords, 'a command line whose quotes are closed')
}

/** A map, or a list of `KEY=value`; a key without a value takes it from the environment, or is left out. */
export function pairs(part: Part): Record<string, string> {
  const { env } = part.reading
  const result: Record<string, string> = {}
  const put = (key: string, value: string | undefined) => {
    if (value !== undefined) result[key] = value
  }
  if (part.isList) {
    for (const text of part.texts()) {
      const cut = text.indexOf('=')
      if (cut === -1) put(text, env[text])
      else put(text.slice(0, cut), text.slice(cut + 1))
    }
  } else {
    for (const [key, value] of part.entries()) put(key, value.isNothing ? env[key] : value.text())
  }
  return result
}

/** One text, or a list of them. */
export function oneOrMore(part: Part): string[] {
  return part.isList ? part.texts() : [part.text()]
}

export function duration(part: Part): number | undefined {
  return part.parsed(parseDuration, 'a time such as 30s')
}

export function bytes(part: Part): number | undefined {
  return part.parsed(composeBytes, 'a size such as 512m')
}

/** A number of processors, such as `1.5`. */
export function decimal(part: Part): number | undefined {
  return part.parsed((text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined), 'a number')
}

/** `nofile: 65536`, or `nofile: {soft: 1024, hard: 65536}`. */
export function ulimits(part: Part): { name: string; soft: number; hard: number }[] {
  return part.entries().map(([name, limit]) => {
    if (!limit.isMap) {
      const both = limit.whole() ?? 0
      return { name, soft: both, hard: both }
    }
    const { soft = 0, hard = 0 } = limit.shape<{ soft: number; hard: number }>({
      soft: (one) => one.whole(),
      hard: (one) => one.whole(),
    })
    return { name, soft, hard }
  })
}

/** `host:address` in a list, or a map; the daemon wants the former. */
export function hosts(part: Part): string[] {
  if (part.isList) return part.texts().map((text) => text.replace('=', ':'))
  return part.entries().map(([name, address]) => `${name}:${address.text()}`)
}

/** `no`, `always`, `unless-stopped`, `on-failure` or `on-failure:3`. */
export function restartPolicy(part: Part): { name: string; retries: number } | undefined {
  return part.parsed((text) => {
    const match = /^(no|always|unless-stopped|on-failure)(?::(\d+))?$/.exec(text)
    if (match === null || (match[2] !== undefined && match[1] !== 'on-failure')) return undefined
    return { name: match[1]!, retries: Number(match[2] ?? 0) }
  }, '"no", always, unless-stopped, on-failure or on-failure:3')
}
