/** Names of files: cleaned when they come, and written into a header when they go. */
import { FILE_KINDS, type FileKind } from '../../workflows/kernel/contract'

/** As many bytes as a name may have on the disks of people. */
const LONGEST_BYTES = 255

/** The first part of a text that has so many bytes, without half of a letter. */
function upTo(text: string, most: number): string {
  let kept = ''
  let bytes = 0
  for (const letter of text) {
    bytes += Buffer.byteLength(letter)
    if (bytes > most) break
    kept += letter
  }

  return kept
}

/**
 * The name under which a file is kept: without folders, and without letters that nobody sees or that turn the others round; it ends as
 * names of its kind do, so that no program opens it as something else.
 */
export function fileName(given: string, kind: FileKind): string {
  const { endings } = FILE_KINDS[kind]
  const last = given.normalize().split(/[/\\]/).at(-1) ?? ''
  const clean = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
  const own = endings.map((each) => `.${each}`).find((each) => clean.toLowerCase().endsWith(each))
  const stem = own ? clean.slice(0, -own.length).replace(/[. ]+$/, '') : clean
  const end = own ?? `.${endings[0]}`

  return `${upTo(stem, LONGEST_BYTES - end.length) || 'file'}${end}`
}

/** A name that is put together here: on one line, without what a disk does not take in one. */
export const plainName = (name: string): string =>
  name
    .replace(/[\p{C}/\\:*?"<>|%]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** `Content-Disposition` of a file that is to be kept and not shown (RFC 6266): its name, and what is left of it in ASCII. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replace(
    /['()*!]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )

  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
