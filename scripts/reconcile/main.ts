/**
 * `npm run reconcile`: names what differs between the database and the workflows; `-- --mend` mends it. Naming is what it does
 * unasked: whoever runs it for the first time, or from a timer, wants to know before anything in a register is written over.
 * Ends with 1 when something differs that is not mended, with 2 when it could not look.
 */
import { Client, Connection } from '@temporalio/client'
import { readFilesInS3, readPayloadKeys } from '../../api/config'
import { createDb } from '../../prisma/store/db'
import { fileStoreOf, whyNotKeptThere } from '../../prisma/store/file-store-s3'
import { CannotStart, messageOf } from '../processes'
import { running } from '../running'
import { reconcile, type Finding, type Report } from './reconcile'
import { toldRoots } from './told-roots'

const FLAGS = ['--mend', '--json']
const ROOTS = '--roots='

async function main(flags: readonly string[]): Promise<number> {
  const unknown = flags.find((flag) => !FLAGS.includes(flag) && !flag.startsWith(ROOTS))
  if (unknown !== undefined)
    throw new CannotStart(`Unknown option ${unknown}: there are ${FLAGS.join(', ')} and ${ROOTS}FILE.`)
  const json = flags.includes('--json')
  const { databaseUrl, temporal, rootsFile } = running()
  const told = toldRoots(flags.find((flag) => flag.startsWith(ROOTS))?.slice(ROOTS.length) ?? rootsFile)
  const connection = await Connection.connect({ address: temporal.address })
  const db = createDb(databaseUrl)
  const filesInS3 = readFilesInS3()
  try {
    const elsewhere = await whyNotKeptThere(db, filesInS3)
    if (elsewhere !== null) throw new CannotStart(elsewhere)
    const report = await reconcile({
      db,
      client: new Client({
        connection,
        namespace: temporal.namespace,
        dataConverter: { payloadCodecs: [readPayloadKeys()] },
      }),
      mend: flags.includes('--mend'),
      told,
      files: fileStoreOf(db, filesInS3),
      ...(json ? {} : { tell: (finding) => console.log(sentenceOf(finding)) }),
    })
    console.log(json ? JSON.stringify(report, null, 2) : summaryOf(report))

    return report.whole ? 0 : 1
  } finally {
    await db.$disconnect()
    await connection.close()
  }
}

const sentenceOf = ({ kind, case: id, number, says, mended }: Finding): string =>
  `${number ?? id ?? 'All cases'}: ${says} (${kind}${mended ? ', mended' : ''}).`

function summaryOf({ looked, moving, findings, whole }: Report): string {
  const mended = findings.filter((finding) => finding.mended).length
  const said = [
    `Looked at ${looked.cases} open cases, ${looked.workflows} running workflows and ${looked.chains} audit trails.`,
    moving > 0 ? `${moving} were moving all the while and are compared next time.` : '',
    findings.length === 0 ? 'Nothing differs.' : `${findings.length} findings, ${mended} mended.`,
    whole ? '' : 'What is not mended: --mend mends what history can; doc/backup.md says what to do with the rest.',
  ]

  return said.filter((sentence) => sentence !== '').join(' ')
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error instanceof CannotStart ? error.message : `Could not look: ${messageOf(error)}`)
    process.exitCode = 2
  },
)
