import { humanBytes, humanDuration } from './numbers.ts'

/** How far an image's layer, or the image as a whole, has come. */
export interface PullStep {
  image: string
  layer?: string
  status: string
  current?: number
  total?: number
  about?: number
}

const DONE = /^(Pull complete|Already exists)/
const FETCHED = /^(Verifying|Download complete|Extracting|Pull complete)/
/** Speed is that of the last seconds: a whole pull's would hide that it has stopped. */
const WINDOW_MS = 5_000

interface Layer {
  step: PullStep
  /** Bytes that came over the wire, and how many there are. */
  fetched: number
  size: number
}

/** Keeps a pull's layers together: the daemon tells of each by itself. */
export function createPullView(now: () => number = () => performance.now()): {
  /** A line for each layer that is still on its way, the image's own first: how much of how much, how fast, how long yet. */
  all(step: PullStep): string[]
  /** One line when a layer or the image is through, for output that does not change in place. */
  finished(step: PullStep): string | undefined
} {
  const layers = new Map<string, Layer>()
  const passed: { at: number; bytes: number }[] = []
  let about = 0

  const remember = (step: PullStep) => {
    about = Math.max(about, step.about ?? 0)
    if (step.layer === undefined) return
    const { fetched = 0, size = 0 } = layers.get(step.layer) ?? {}
    const layer = { step, fetched, size }
    if (step.status === 'Downloading') {
      layer.size = step.total ?? size
      layer.fetched = step.current ?? fetched
    } else if (FETCHED.test(step.status)) layer.fetched = size
    layers.set(step.layer, layer)
    const at = now()
    passed.push({ at, bytes: sum('fetched') })
    while (passed.length > 2 && at - passed[1]!.at > WINDOW_MS) passed.shift()
  }
  const sum = (what: 'fetched' | 'size') => [...layers.values()].reduce((bytes, layer) => bytes + layer[what], 0)

  /** What no layer has told of yet is what the image is said to have. */
  const progress = (): string => {
    const fetched = sum('fetched')
    const total = Math.max(sum('size'), about)
    if (total === 0) return ''
    const [first, last] = [passed[0]!, passed.at(-1)!]
    const perSecond = last.at > first.at ? ((last.bytes - first.bytes) / (last.at - first.at)) * 1000 : 0
    const speed = perSecond > 0 ? `, ${humanBytes(Math.round(perSecond))}/s` : ''
    const left =
      perSecond > 0 && fetched < total ? `, ${humanDuration(((total - fetched) / perSecond) * 1000)} left` : ''
    return `, ${humanBytes(fetched)} of ${about > sum('size') ? 'about ' : ''}${humanBytes(total)}${speed}${left}`
  }

  return {
    all(step) {
      remember(step)
      const through = [...layers.values()].filter((layer) => DONE.test(layer.step.status)).length
      const rest = [...layers.values()].filter((layer) => !DONE.test(layer.step.status))
      return [
        `${step.image}, ${through} of ${layers.size} layers${progress()}`,
        ...rest.map(({ step: { layer, status, current, total } }) => {
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
      const { size } = layers.get(layer)!
      return `${image}: layer ${layer}: ${status}${size === 0 ? '' : `, ${humanBytes(size)}`}${progress()}`
    },
  }
}
