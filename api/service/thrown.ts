/** What may be told of an error to those who do not see answers: what it says of itself may quote one. */

/** Class of what was thrown, as Temporal keeps a failure; null: it cannot be told from what it says. */
export function classOfFailure(failure: {
  readonly type?: string | null | undefined
  readonly message?: string | null | undefined
  readonly stackTrace?: string | null | undefined
}): string | null {
  const { type, message, stackTrace } = failure
  if (type) return type
  // of a failed workflow task it stands only before the message, at the head of the stack
  const [before, after] = message ? (stackTrace ?? '').split(`: ${message}`, 2) : []

  return after === undefined ? null : (/(?:^|\n)([A-Za-z_$][\w$.]*)$/.exec(before ?? '')?.[1] ?? null)
}

/** The frames of a stack, without what stands above them. */
export const framesOf = (stackTrace: string): string =>
  stackTrace
    .split('\n')
    .filter((line) => /^\s+at \S/.test(line))
    .join('\n')
