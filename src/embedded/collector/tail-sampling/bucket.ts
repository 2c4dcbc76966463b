/** A token bucket (golang.org/x/time/rate): full at first, refilled by so many a second. */
export function createBucket(perSecond: number, capacity: number): (count: number, now: number) => boolean {
  let tokens = capacity
  let last: number | undefined
  return (count, now) => {
    tokens = Math.min(capacity, tokens + ((now - (last ?? now)) / 1000) * perSecond)
    last = now
    if (count > tokens) return false
    tokens -= count
    return true
  }
}
