import { humanBytes } from './numbers.ts'

/** How far an image's layer, or the image as a whole, has come. */
export interface PullStep {
  image: string
  layer?: string
  status: string
  current?: number
  total?: number
}

const DONE = /^(Pull complete|Already exists)/

/** Keeps a pull's layers together: the daemon tells of each by itself. */
export function createPullView(): {
  /** A line for each layer that is still on its way, the image's own first. */
  all(step: PullStep): string[]
  /** One line when a layer or the image is through, for output that does not change in place. */
  finished(step: PullStep): string | undefined
} {
  const layers = new Map<string, PullStep>()
  const sizes = new Map<string, number>()
  const remember = (step: PullStep) => {
    if (step.layer === undefined) return
    layers.set(step.layer, step)
    if (step.total !== undefined && step.status === 'Downloading') sizes.set(step.layer, step.total)
  }
  return {
    all(step) {
      remember(step)
      const through = [...layers.values()].filter(({ status }) => DONE.test(status)).length
      const rest = [...layers].filter(([, { status }]) => !DONE.test(status))
      return [
        `${step.image}, ${through} of ${layers.size} layers`,
        ...rest.map(([layer, { status, current, total }]) => {
          const far = current === undefined || !total ? '' : ` ${humanBytes(current)} of ${humanBytes(total)}`
          return `${layer} ${status}${far}`
        }),
      ]
    },
    finished(step) {
      remember(step)
      const { image, layer, status } = step
      if (layer === undefined)
        return /^Status: /.test(status) ? `${image}: ${status.slice('Status: '.length)}` : undefined
      if (!DONE.test(status)) return undefined
      const size = sizes.get(layer)
      return `${image}: layer ${layer}: ${status}${size === undefined ? '' : `, ${humanBytes(size)}`}`
    },
  }
}
