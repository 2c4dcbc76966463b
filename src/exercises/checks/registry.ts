import type { AnyCheckKind } from '../check-kind.ts'
import { absent } from './absent.ts'
import { answer } from './answer.ts'
import { cardinality } from './cardinality.ts'
import { collectorEffect } from './collector-effect.ts'
import { collectorOutput } from './collector-output.ts'
import { correlation } from './correlation.ts'
import { latency } from './latency.ts'
import { logql } from './logql.ts'
import { program } from './program.ts'
import { promql } from './promql.ts'
import { requests } from './requests.ts'
import { trace } from './trace.ts'
import { traceShape } from './trace-shape.ts'
import { traceql } from './traceql.ts'
import { walk } from './walk.ts'

/** Every kind of check; exercise.yaml names them by their `name`. */
export const CHECK_KINDS: readonly AnyCheckKind[] = [
  absent,
  answer,
  cardinality,
  collectorEffect,
  collectorOutput,
  correlation,
  latency,
  logql,
  program,
  promql,
  requests,
  trace,
  traceShape,
  traceql,
  walk,
]

export const checkKind = (name: string): AnyCheckKind | undefined => CHECK_KINDS.find((kind) => kind.name === name)
