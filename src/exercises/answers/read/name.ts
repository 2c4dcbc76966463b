import { basename, dirname } from 'node:path'
import { plain, type Read, read, unfit, unreadable } from './read.ts'

/**
 * Which of the names is meant: whole, as a path, without its extension, by its number (`3` for `sub-003_T1w.nii.gz`),
 * or by a first part that ends where a part of the name does and fits no other. Undefined when it is none of them.
 */
export function readName(text: string, names: readonly string[]): Read<string | undefined> {
  const bad = unfit(text)
  if (bad) return bad
  const instead = 'Write its name, such as sub-003'
  const given = plain(text)
    .toLowerCase()
    .replace(/^(?:the )?(?:file|scan|subject)(?: +|[:=] *)/, '')
    .replace(/^sub(?:ject)?[ _](?=\d)/, 'sub-')
    .replace(/ *\(t[12]w\)$/, '')
    .replace(/[.,;]$/, '')
  if (/[*?]/.test(given)) return unreadable('pattern', 'is a pattern, not a name', instead)
  if (/\S(?:\s*[,;&]\s*|\s+(?:and|or)\s+|\s+)\S/.test(given))
    return unreadable('several', 'is more than one name', instead)
  const typed = basename(given)
  const known = [...new Set(names)].map((name) => ({ name, base: basename(name).toLowerCase() }))
  // `sub-001/sub-003` is two of them; the folder of a scan may be called as the scan is.
  const folders = dirname(given).split('/')
  if (known.some(({ base }) => folders.includes(base.split('_')[0]!) && !base.startsWith(typed.split('_')[0]!)))
    return unreadable('several', 'is more than one name', instead)
  const whole = known.filter(({ base }) => base === typed || stem(base) === typed)
  const number = /^(?:sub-?)?0*(\d+)$/.exec(typed)?.[1]
  const numbered = number === undefined ? [] : known.filter(({ base }) => /0*(\d+)/.exec(base)?.[1] === number)
  const begun =
    typed.length < 3
      ? []
      : known.filter(({ base }) => base.startsWith(typed) && /^[_.-]/.test(base.slice(typed.length)))
  const meant = [whole, numbered, begun].find(({ length }) => length > 0) ?? []
  if (meant.length === 1) return read(meant[0]!.name)
  if (meant.length > 1 || (typed.length > 0 && known.filter(({ base }) => base.startsWith(typed)).length > 1)) {
    return unreadable('ambiguous', 'is how several begin', instead)
  }
  return read(undefined)
}

const stem = (base: string) => base.replace(/\.[a-z0-9]+(\.gz)?$/, '')
