/** An append-only journal of byte records: segments with checksums, group commit, replay on open, a torn tail cut and reported. */
export interface Journal {
  /** Resolves when the record is on disk (group commit). Rejects with LabError `disk-full` or `disk-failed`; the journal stays usable. */
  append(record: Uint8Array): Promise<{ segment: number }>
  /** Begins a new segment; returns its number. */
  rotate(): Promise<number>
  /** Deletes every segment below `segment`. */
  dropBefore(segment: number): Promise<void>
  /** Deletes one segment that is not the current one. */
  drop(segment: number): Promise<void>
  readonly segment: number
  /** Bytes on disk. */
  readonly bytes: number
  close(): Promise<void>
}

export interface JournalOptions {
  /** Called for each record found on open, oldest first, before openJournal resolves. */
  onRecord?: (record: Uint8Array, segment: number) => void
  /** Called when a torn or damaged tail was cut. */
  onTruncated?: (detail: { file: string; keptBytes: number; lostBytes: number }) => void
  /** Start a new segment past this many bytes; default 16 MiB. */
  segmentBytes?: number
  /** fdatasync before acknowledging; default true. */
  sync?: boolean
}
