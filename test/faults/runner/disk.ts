/** A disk of its own for a server's data, which can be full: memory that the system mounts for root, as containers run. */
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import path from 'node:path'
import { errorCode, saidBy } from '../../../scripts/processes'

export interface Disk {
  readonly folder: string
  /** leaves not one free byte */
  readonly fill: () => void
  readonly free: () => void
  readonly remove: () => void
}

const SIZE = '4g'
const MEGABYTE = 1024 * 1024
const mount = (...flags: string[]) => execFileSync('mount', flags, { stdio: 'pipe' })

/** The disk at this folder; where none may be mounted, the reason. */
export function smallDisk(folder: string): Disk | { readonly missing: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return { missing: 'only root on Linux may mount one' }
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  try {
    mount('-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'mansap-faults', folder)
  } catch (error) {
    return { missing: saidBy(error) }
  }
  const ballast = path.join(folder, 'ballast')
  const resize = (size: string) => mount('-o', `remount,size=${size}`, folder)

  return {
    folder,
    fill: () => {
      shrink(folder, resize)
      fillUp(ballast)
    },
    free: () => {
      resize(SIZE)
      rmSync(ballast, { force: true })
    },
    remove: () => {
      try {
        execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      } catch {
        // Gone already.
      }
    },
  }
}

/**
 * Takes the free room away but for what the server may write meanwhile: a size below what is in use by the time of the mount is
 * refused, and `mount` then says that the disk is not mounted.
 */
function shrink(folder: string, resize: (size: string) => void): void {
  for (let room = MEGABYTE; ; room *= 2) {
    const { blocks, bfree, bsize } = statfsSync(folder)
    try {
      return resize(String((blocks - bfree) * bsize + room))
    } catch (error) {
      if (room > 256 * MEGABYTE) throw error
    }
  }
}

/** Writes to this file until nothing more goes into the disk. */
function fillUp(file: string): void {
  const block = Buffer.alloc(4096)
  try {
    for (;;) appendFileSync(file, block)
  } catch (error) {
    if (errorCode(error) !== 'ENOSPC') throw error
  }
}
