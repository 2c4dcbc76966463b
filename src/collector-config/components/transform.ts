import {
  type Context,
  compileGroup,
  type StatementGroup,
  transformFunctions,
  unsupportedFunctions,
} from '../../ottl.ts'
import { ALL_SIGNALS, component } from '../component.ts'
import { bool, type Complaint, list, oneOf, type SettingsIn, string, struct, text } from '../schema.ts'

const CONTEXTS = ['resource', 'scope', 'span', 'spanevent', 'metric', 'datapoint', 'exemplar', 'log', 'profile']
const MODES = ['ignore', 'silent', 'propagate']
const unknownMode = (text: string) => `unknown error mode ${text}`

/** A group of statements; bare texts make one group, whose context is inferred. */
const statements = () => ({
  ...list(
    struct('common.ContextStatements', {
      context: text((word) => {
        const value = word.toLowerCase()
        return CONTEXTS.includes(value) ? { value } : { error: `unknown context ${value}` }
      }, ''),
      conditions: list(string()),
      statements: list(string()),
      error_mode: oneOf([...MODES, ''], '', unknownMode),
    }),
  ),
  bareItems: 'statements',
  emptyItem: 'empty statement list items are not supported',
})

/** By the setting's key: the contexts that its statements may be about. */
export const STATEMENT_CONTEXTS: Record<string, Context[]> = {
  trace_statements: ['resource', 'scope', 'span', 'spanevent'],
  metric_statements: ['resource', 'scope', 'metric', 'datapoint'],
  log_statements: ['resource', 'scope', 'log'],
}

const fields = {
  error_mode: oneOf(MODES, 'ignore', unknownMode),
  trace_statements: statements(),
  metric_statements: statements(),
  log_statements: statements(),
  profile_statements: statements(),
  flatten_data: bool(),
}

function* check(t: SettingsIn<typeof fields>): Generator<Complaint> {
  for (const [key, contexts] of Object.entries(STATEMENT_CONTEXTS)) {
    for (const [i, group] of (t[key as 'trace_statements'] as StatementGroup[]).entries()) {
      const at = [key, String(i)]
      const compiled = compileGroup(group, contexts, transformFunctions)
      if ('faults' in compiled) {
        for (const fault of compiled.faults) yield { message: fault.message, key: [...at, ...fault.key] }
        continue
      }
      for (const [j, statement] of group.statements.entries()) {
        for (const name of unsupportedFunctions(statement, 'statement')) {
          const message = `the real collector runs ${name}, the embedded one does not: this statement will change nothing here`
          const hint = 'try it on the docker engine: otel-lab up --engine docker'
          yield { severity: 'warning', message, key: [...at, 'statements', String(j)], hint }
        }
      }
    }
  }
  if (t.flatten_data) {
    yield { message: "'flatten_data' requires the 'transform.flatten.logs' feature gate to be enabled" }
  }
}

/** Changes telemetry by statements in OTTL. */
export const transformProcessor = component({
  kind: 'processor',
  type: 'transform',
  signals: ALL_SIGNALS,
  schema: {
    ...struct('transformprocessor.Config', fields, check),
    nests: true,
  },
})
