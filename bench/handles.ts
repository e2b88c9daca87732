/** What keeps a process awake, told on SIGHUP: parked cases must not be among it. */

/** Makes SIGHUP print how many timers and other resources of each kind the process has. */
export function tellHandlesOnSignal(): void {
  process.on('SIGHUP', () => {
    const counts: Record<string, number> = {}
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1
    process.stdout.write(`${JSON.stringify({ handles: counts })}\n`)
  })
}
