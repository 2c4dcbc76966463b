import { attributeOf } from '../../otlp/attributes.ts'
import type { Metric } from '../../otlp/types.ts'
import type { FunctionTable } from '../function.ts'
import { compare, textOf } from '../values.ts'

/** What asks the item itself (ottlspan's IsRootSpan, the filter processor's two for metrics). */
export const SUBJECTS: FunctionTable = {
  IsRootSpan: { run: (_, { span }) => span!.parentSpanId === '' },
  HasAttrKeyOnDatapoint: {
    run: ([key], scene) =>
      pointsOf(scene.metric!).some((point) => attributeOf(point.attributes, textOf(key!)) !== undefined),
  },
  HasAttrOnDatapoint: {
    run: ([key, value], scene) =>
      pointsOf(scene.metric!).some((point) =>
        compare(attributeOf(point.attributes, textOf(key!)) ?? null, value!, '=='),
      ),
  },
}

function pointsOf({ data }: Metric) {
  return data.type === 'none' ? [] : data.points
}
