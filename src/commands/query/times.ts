const two = (value: number) => String(value).padStart(2, '0')

/** `14:03:27.412` of the machine's own clock. */
export function shortTime(ms: number): string {
  const time = new Date(ms)
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':')
  return `${clock}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`
}

/** With the date in front when it is not today's. */
export function fullTime(ms: number, now: number): string {
  const time = new Date(ms)
  if (time.toDateString() === new Date(now).toDateString()) return shortTime(ms)
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${shortTime(ms)}`
}
