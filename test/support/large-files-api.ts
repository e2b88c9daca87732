/** The API with a process of which a field takes files of 200 MB. */
import { z } from 'zod'
import { serveApi } from '../../api/server'
import { LARGEST_MB } from '../../workflows/kernel/contract'
import { file } from '../../workflows/kernel/forms'
import { processesOf } from '../../workflows/kernel/process'
import { processes } from '../../workflows/registry'

const probation = processes.current['probation']
if (!probation) throw new Error('there is no probation')
const { acts } = probation.forms
const scanned = { recordAbsence: z.strictObject({ certificate: file(['pdf'], LARGEST_MB).optional() }) }
serveApi(processesOf({ ...probation, forms: { ...probation.forms, acts: { ...acts, ...scanned } } }))
