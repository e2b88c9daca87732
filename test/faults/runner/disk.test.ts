/** A disk that is filled while a server writes into it. */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { eventually } from '../../support/eventually'
import { smallDisk } from './disk'

const WRITER = `
  const { appendFileSync } = require('node:fs')
  for (;;) try { appendFileSync(process.argv[1], Buffer.alloc(65536)) } catch { }`

test('a disk is full and free again while a server writes without a pause', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'mansap-disk-'))
  const disk = smallDisk(folder)
  // where no disk may be mounted, the reason is told
  if ('missing' in disk) return expect(disk.missing).not.toBe('')
  const written = path.join(folder, 'written')
  const size = () => statSync(written).size
  const writer = spawn(process.execPath, ['-e', WRITER, written], { stdio: 'ignore' })
  const ended = new Promise((resolve) => writer.once('exit', resolve))
  try {
    await eventually('the writer to write', () => size() > 0)
    for (let time = 0; time < 5; time += 1) {
      disk.fill()
      expect(() => appendFileSync(path.join(folder, 'more'), Buffer.alloc(65536))).toThrow(/ENOSPC/)
      const full = size()
      disk.free()
      await eventually('the writer to go on', () => size() > full)
    }
  } finally {
    writer.kill('SIGKILL')
    await ended
    disk.remove()
    rmSync(folder, { recursive: true, force: true })
  }
})
