import type { Attribute, Static } from '../ast.ts'
import type { Span } from '../source.ts'

/** A span as the evaluation sees it: only what the query asked storage for. */
export interface EvalSpan {
  /** undefined when it has none, or none that the query's conditions let through. */
  attribute(a: Attribute): Static | undefined
  readonly left: number
  readonly right: number
  readonly parentLeft: number
}

export type Named = readonly [Attribute, Static]

export class FetchedSpan implements EvalSpan {
  readonly span: Span
  spanAttributes: Named[] = []
  resourceAttributes: Named[] = []
  traceAttributes: Named[] = []
  eventAttributes: Named[] = []
  linkAttributes: Named[] = []
  instrumentationAttributes: Named[] = []

  constructor(span: Span) {
    this.span = span
  }

  get left(): number {
    return this.span.left
  }

  get right(): number {
    return this.span.right
  }

  get parentLeft(): number {
    return this.span.parentLeft
  }

  attribute(a: Attribute): Static | undefined {
    switch (a.scope) {
      case 'resource':
        return scoped(a.name, this.resourceAttributes)
      case 'span':
        return scoped(a.name, this.spanAttributes)
      case 'event':
        return scoped(a.name, this.eventAttributes)
      case 'link':
        return scoped(a.name, this.linkAttributes)
      case 'instrumentation':
        return scoped(a.name, this.instrumentationAttributes)
      case 'none':
        return a.intrinsic === undefined ? this.#unscoped(a.name) : this.#intrinsic(a)
    }
  }

  #intrinsic(a: Attribute): Static | undefined {
    const set = { nestedSetLeft: this.left, nestedSetRight: this.right, nestedSetParent: this.parentLeft }
    if (a.intrinsic! in set) {
      return { node: 'static', type: 'int', value: BigInt(set[a.intrinsic as keyof typeof set]) }
    }
    for (const list of this.lists()) {
      for (const [key, value] of list) if (key.intrinsic === a.intrinsic) return value
    }
    return this.#unscoped(a.name)
  }

  /** The span's own come before the resource's, even when they hold nothing that fits. */
  #unscoped(name: string): Static | undefined {
    for (const list of this.lists()) {
      if (list === this.traceAttributes) continue
      for (const [key, value] of list) if (key.name === name) return value
    }
    return undefined
  }

  lists(): Named[][] {
    return [
      this.spanAttributes,
      this.traceAttributes,
      this.resourceAttributes,
      this.eventAttributes,
      this.linkAttributes,
      this.instrumentationAttributes,
    ]
  }
}

function scoped(name: string, list: Named[]): Static | undefined {
  for (const [key, value] of list) if (key.intrinsic === undefined && key.name === name) return value
  return undefined
}
