/** Roles that somebody may hold in a body: the kernel's, and those of the processes. */
import { useProcesses } from '../providers/useApi'
import { useWords } from '../words/useWords'

const KERNEL_ROLES = ['hr', 'head', 'agency', 'records', 'developer', 'administrator']

export function useRoleChoices(): readonly { readonly value: string; readonly label: string }[] {
  const { of } = useWords()
  const added = (useProcesses().data ?? []).flatMap(({ roles }) => roles)

  return [...new Set([...KERNEL_ROLES, ...added])].map((value) => ({ value, label: of('kernel', `roles.${value}`) }))
}
