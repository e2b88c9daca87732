/** A disk of its own for a server's data, which can be full: memory that the system mounts for root, as containers run. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'

export interface Disk {
  readonly folder: string
  /** leaves not one free byte */
  readonly fill: () => void
  readonly free: () => void
  readonly remove: () => void
}

const SIZE = '4g'
const mount = (...flags: string[]) => execFileSync('mount', flags, { stdio: 'pipe' })

/** The disk at this folder, or null where none may be mounted. */
export function smallDisk(folder: string): Disk | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  try {
    mount('-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'mansap-faults', folder)
  } catch {
    return null
  }
  const resize = (size: string) => mount('-o', `remount,size=${size}`, folder)

  return {
    folder,
    fill: () => {
      const { blocks, bfree, bsize } = statfsSync(folder)
      resize(String((blocks - bfree) * bsize))
    },
    free: () => void resize(SIZE),
    remove: () => {
      try {
        execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      } catch {
        // Gone already.
      }
    },
  }
}
