import { readFile } from 'node:fs/promises'
import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Document, LineCounter, parseDocument } from 'yaml'
import { LabError } from './errors.ts'

/**
 * Reads a file of the course (YAML) and checks it against its published JSON Schema, so that an author's slip is
 * told with its line and not by what it breaks later. Throws LabError `course-broken`.
 */
export async function readCourseFile<T>(path: string, schemaPath: string): Promise<T> {
  const [text, schema] = await Promise.all([read(path), read(schemaPath)])
  return parseCourse<T>(text, JSON.parse(schema), path)
}

/** The same from text; `name` is how messages call it. */
export function parseCourse<T>(text: string, schema: object, name: string): T {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const [fault] = document.errors
  if (fault) throw broken([`${name}:${lines.linePos(fault.pos[0]).line}: ${fault.message}`])
  const value: unknown = document.toJS()
  const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(schema)
  if (validate(value)) return value as T
  const lineOf = (error: ErrorObject) => lines.linePos(offsetOf(document, error.instancePath)).line
  throw broken([...new Set(validate.errors!.map((error) => `${name}:${lineOf(error)}: ${inWords(error)}`))])
}

function inWords({ instancePath, message, params }: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'the file'
  if (params.additionalProperty) return `${where} may not have ${params.additionalProperty}`
  if (params.allowedValues) return `${where} must be one of ${params.allowedValues.join(', ')}`
  return `${where} ${message}`
}

/** Where the value that an ajv path (a JSON pointer) names begins in the text. */
function offsetOf(document: Document, pointer: string): number {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((key) => (/^\d+$/.test(key) ? Number(key) : key))
  const node = (keys.length === 0 ? document.contents : document.getIn(keys, true)) as { range?: number[] } | undefined
  return node?.range?.[0] ?? 0
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw broken([`cannot read ${path}: ${error.message}`])
  })
}

const broken = (lines: string[]) =>
  new LabError('course-broken', lines.join('\n'), { hint: 'Mend the file, or install otel-lab again' })
