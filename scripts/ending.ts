/** How a launcher hears that it has to end, and to whom it speaks when its output is gone. */
import { messageOf } from './processes'

let broken = false

/** Tells whoever started this process; once nobody reads its output, it says the rest to the error output. */
export const say = (line: string): void => (broken ? console.error(line) : console.log(line))

/**
 * Calls `end` with an exit code, once, whatever ends this process: Ctrl-C, a kill, a closed terminal, a fault of its own. An output
 * that nobody reads any more (`npm start | head`) ends nothing: people may be at work.
 */
export function onEnding(end: (code: number) => void): void {
  let ending = false
  const once = (code: number, line: string) => {
    if (ending) return
    ending = true
    say(line)
    end(code)
  }
  process.stdout.on('error', () => {
    if (broken) return
    broken = true
    say('Nobody reads the output any more: Mansap goes on and says the rest here. Ctrl-C stops it.')
  })
  process.stderr.on('error', () => undefined)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => once(0, 'Stopping …'))
  process.on('uncaughtException', (error) => {
    console.error(error)
    once(1, `The launcher has a fault and stops everything: ${messageOf(error)}`)
  })
}
