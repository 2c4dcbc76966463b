import type { LabelFormat } from '../ast.ts'
import { compileTemplate, type Template } from '../template/template.ts'
import type { LineLabels } from './labels.ts'
import { ERROR_LABEL } from './reserved.ts'
import { type Stage, stage } from './stage.ts'

/** `| line_format "{{.level}}: {{.msg}}"`. Throws Error. */
export function lineFormatStage(source: string, now: () => bigint): Stage {
  let template: Template
  try {
    template = compileTemplate('line', source, now)
  } catch (error) {
    throw new Error(`invalid line template: ${(error as Error).message}`)
  }
  const { label } = template
  if (label !== undefined) return stage((_line, labels) => labels.get(label) ?? '', [label])
  return stage((line, labels, nanos) => {
    try {
      return template.execute(new Map(labels.all()), line, nanos)
    } catch (error) {
      labels.fail('TemplateFormatErr', (error as Error).message)
      return line
    }
  }, template.fields)
}

/** `| label_format dst=src, status="{{.status | upper}}"`. Throws Error. */
export function labelFormatStage(formats: readonly LabelFormat[], now: () => bigint): Stage {
  const seen = new Set<string>()
  for (const { label } of formats) {
    if (label === ERROR_LABEL) throw new Error(`${label} cannot be formatted`)
    if (seen.has(label)) throw new Error(`multiple label name '${label}' not allowed in a single format operation`)
    seen.add(label)
  }
  const compiled = formats.map((format) => ({ ...format, template: format.rename ? undefined : compile(format, now) }))
  const uses = compiled.flatMap(({ value, template }) => template?.fields ?? [value])
  return stage((line, labels, nanos) => {
    // All templates of a stage see the labels as they are when the first one runs.
    let all: Map<string, string> | undefined
    for (const { label, value, template } of compiled) {
      if (template === undefined) rename(label, value, labels)
      else {
        all = all === undefined || all.size === 0 ? new Map(labels.all()) : all
        try {
          labels.set(label, template.execute(all, line, nanos))
        } catch (error) {
          labels.fail('TemplateFormatErr', (error as Error).message)
        }
      }
    }
    return line
  }, uses)
}

function compile({ label, value }: LabelFormat, now: () => bigint): Template {
  try {
    return compileTemplate('label', value, now)
  } catch (error) {
    throw new Error(`invalid template for label '${label}': ${(error as Error).message}`)
  }
}

function rename(label: string, from: string, labels: LineLabels): void {
  const value = labels.get(from)
  if (value === undefined) return
  labels.set(label, value)
  labels.delete(from)
}
