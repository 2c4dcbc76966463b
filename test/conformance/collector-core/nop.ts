import type { ComponentDefinition, ComponentKind } from '../../../src/collector-config/component.ts'
import { maybe, string, struct } from '../../../src/collector-config/schema.ts'

export const SIGNALS = ['traces', 'metrics', 'logs', 'profiles'] as const

/** A component of the collector's tests: every signal, no settings but `fault`, which is what it says of its config. */
export function nop(kind: ComponentKind, type: string): ComponentDefinition {
  const complain = function* ({ fault }: { fault: string | undefined }) {
    if (fault !== undefined) yield { message: fault }
  }
  return {
    kind,
    type,
    signals: SIGNALS as unknown as ComponentDefinition['signals'],
    routes: SIGNALS.flatMap((a) => SIGNALS.map((b) => [a, b])) as unknown as NonNullable<ComponentDefinition['routes']>,
    schema: struct(type, { fault: maybe(string()) }, complain),
  }
}
