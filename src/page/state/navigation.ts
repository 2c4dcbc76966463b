import { useEffect, useState } from 'preact/hooks'
import { type Route, readRoute, routeUrl } from './route.ts'

type Listener = () => void
const listeners = new Set<Listener>()
/** A page in a file has no address of its own to write its state into. */
const isFile = location.protocol === 'file:'
let kept: Route = { view: 'walk' }
const here = () => (isFile ? kept : readRoute(location.pathname, location.search))

export function currentRoute(): Route {
  return here()
}

/** Changes what is named; undefined takes it out. A step gets a place in the browser's history, a detail does not. */
export function go(patch: { [key in keyof Route]?: Route[key] | undefined }, how: 'step' | 'detail' = 'step'): void {
  const merged = Object.fromEntries(Object.entries({ ...here(), ...patch }).filter(([, value]) => value !== undefined))
  goTo(merged as unknown as Route, how)
}

export function goTo(route: Route, how: 'step' | 'detail' = 'step'): void {
  if (isFile) {
    kept = route
    for (const tell of listeners) tell()
    return
  }
  const url = routeUrl(route)
  if (url === location.pathname + location.search) return
  if (how === 'step') history.pushState(null, '', url)
  else history.replaceState(null, '', url)
  for (const tell of listeners) tell()
}

export function useRoute(): Route {
  const [route, set] = useState(here)
  useEffect(() => {
    const update = () => set(here())
    listeners.add(update)
    addEventListener('popstate', update)
    return () => {
      listeners.delete(update)
      removeEventListener('popstate', update)
    }
  }, [])
  return route
}
