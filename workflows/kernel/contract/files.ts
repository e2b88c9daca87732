/** Files as forms speak of them: which kinds there are, and what a field accepts. Plain data. */

/** Kinds of files that are known by their content. */
export const FILE_KIND_NAMES = ['pdf', 'jpeg', 'png', 'docx', 'xlsx', 'odt', 'ods', 'txt'] as const
export type FileKind = (typeof FILE_KIND_NAMES)[number]
export const isFileKind = (value: unknown): value is FileKind => FILE_KIND_NAMES.some((kind) => kind === value)

/** The media type of each, and the endings of its names; the first is given to a name that has none of them. */
export const FILE_KINDS: Readonly<
  Record<FileKind, { readonly media: string; readonly endings: readonly [string, ...string[]] }>
> = {
  pdf: { media: 'application/pdf', endings: ['pdf'] },
  jpeg: { media: 'image/jpeg', endings: ['jpg', 'jpeg'] },
  png: { media: 'image/png', endings: ['png'] },
  docx: { media: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', endings: ['docx'] },
  xlsx: { media: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', endings: ['xlsx'] },
  odt: { media: 'application/vnd.oasis.opendocument.text', endings: ['odt'] },
  ods: { media: 'application/vnd.oasis.opendocument.spreadsheet', endings: ['ods'] },
  txt: { media: 'text/plain; charset=utf-8', endings: ['txt'] },
}

export const MEGABYTE = 1024 * 1024
/** The largest file of a field that says nothing of it, and the largest that a field may accept. */
export const USUAL_LARGEST_MB = 20
export const LARGEST_MB = 200

/** What a field accepts. */
export interface FileLimits {
  readonly kinds: readonly FileKind[]
  /** bytes */
  readonly largest: number
}
