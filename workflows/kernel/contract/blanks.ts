/** Text as a person sees it: what has no shape, in any script, is nothing. Shared by the forms, the registers and the console. */

/** Blanks, controls, and characters that nobody sees: zero-width spaces and joiners, marks of direction, fillers. */
const SHAPED = /[^\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/u
/** At the end a selector of variants stays: it belongs to the character before it. */
const UNSEEN_AT_END = /[\s\p{Z}\p{Cc}\p{Cf}\u115F\u1160\u3164\uFFA0\u2800]/u

/** Without what nobody sees at either end; empty where there is nothing to see at all. */
export function trimmed(text: string): string {
  const first = text.search(SHAPED)
  if (first < 0) return ''
  let end = text.length
  while (UNSEEN_AT_END.test(text.charAt(end - 1))) end -= 1

  return text.slice(first, end)
}
