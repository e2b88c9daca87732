/** Fields that processes add to a shared register. */
import type { AddedFields } from '../../../workflows/kernel/register'

/** The column holds what was read by the forms of processes, by process. */
export const addedFields = ({ fields }: { readonly fields: unknown }): AddedFields => fields as AddedFields
