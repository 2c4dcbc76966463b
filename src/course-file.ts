import { readFile } from 'node:fs/promises'
import type { ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Document, LineCounter } from 'yaml'
import { faultsOf } from './course-file/faults.ts'
import { LabError } from './errors.ts'
import { aliasFault, boundedDocument } from './util/yaml.ts'

/** A file of the course, read and found right. */
export interface CourseText<T> {
  value: T
  /** In which line (from 1) what stands at that path begins, for faults that a schema cannot tell. */
  lineOf(...path: (string | number)[]): number
}

/**
 * Reads a file of the course (YAML) and checks it against its published JSON Schema, so that an author's slip is
 * told with its line and not by what it breaks later. Throws LabError `course-broken`.
 */
export async function readCourseFile<T>(path: string, schemaPath: string): Promise<T> {
  const [text, schema] = await Promise.all([readCourseText(path), readCourseText(schemaPath)])
  return parseCourse<T>(text, JSON.parse(schema), path)
}

/** The same from text; `name` is how messages call it. */
export function parseCourse<T>(text: string, schema: object, name: string): T {
  return courseParser<T>(schema)(text, name).value
}

/**
 * Compiles a schema once, for many files, and only when one is to be checked: `known` text, which was found right
 * before, is but read.
 */
export function courseParser<T>(schema: object): (text: string, name: string, known?: boolean) => CourseText<T> {
  let compiled: ValidateFunction | undefined
  const compile = () =>
    new Ajv2020({ allErrors: true, allowUnionTypes: true, discriminator: true, verbose: true }).compile(schema)
  return (text, name, known = false) => {
    const lines = new LineCounter()
    const document = boundedDocument(text, { lineCounter: lines, prettyErrors: false })
    const [fault] = document.errors
    if (fault) throw courseBroken([`${name}:${lines.linePos(fault.pos[0]).line}: ${fault.message}`])
    // Aliases may make a small text large (the "billion laughs").
    const aliases = aliasFault(document)
    if (aliases) throw courseBroken([`${name}:${lines.linePos(aliases.at).line}: ${aliases.words}`])
    const value: unknown = document.toJS()
    const lineOf = (...path: (string | number)[]) => lines.linePos(offsetOf(document, path)).line
    if (known) return { value: value as T, lineOf }
    compiled ??= compile()
    if (compiled(value)) return { value: value as T, lineOf }
    const faults = faultsOf(compiled.errors!)
    throw courseBroken([...new Set(faults.map(({ path, words }) => `${name}:${lineOf(...path)}: ${words}`))])
  }
}

/** Where the value at a path begins in the text; of what is not there, what is around it. */
function offsetOf(document: Document, path: (string | number)[]): number {
  for (let keys = path; keys.length > 0; keys = keys.slice(0, -1)) {
    const node = document.getIn(keys, true) as { range?: number[] } | undefined
    if (node?.range) return node.range[0]!
  }
  return (document.contents as { range?: number[] } | null)?.range?.[0] ?? 0
}

/** `name` is how messages call it. Throws LabError `course-broken`. */
export async function readCourseText(path: string, name = path): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw courseBroken([`cannot read ${name}: ${error.code === 'ENOENT' ? 'there is no such file' : error.message}`])
  })
}

/** Each line names file and line. */
export const courseBroken = (lines: string[]) =>
  new LabError('course-broken', lines.join('\n'), { hint: 'Mend the file, or install otel-lab again' })
