import { type ComponentType, h, type VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'

const AGAIN_MS = 1_000

/**
 * A component whose code comes when it is first shown. Its place is there from the start: whoever uses it gives it
 * its size, and `waiting` says what to show until then.
 */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, waiting?: (props: P) => VNode) {
  let loaded: ComponentType<P> | undefined
  return function Lazy(props: P) {
    const [, redraw] = useState(0)
    useEffect(() => {
      if (loaded) return
      let gone = false
      let timer: ReturnType<typeof setTimeout> | undefined
      const get = () =>
        load().then(
          (component) => {
            loaded = component
            if (!gone) redraw(1)
          },
          // The lab is away for a moment, or a network has just changed.
          () => {
            if (!gone) timer = setTimeout(get, AGAIN_MS)
          },
        )
      void get()
      return () => {
        gone = true
        clearTimeout(timer)
      }
    }, [])
    if (loaded) return h(loaded, props)
    return waiting ? waiting(props) : null
  }
}
