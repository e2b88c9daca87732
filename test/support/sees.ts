/** Tables of who sees what for processes of tests that are not about it. */
import { SEEN_BY_OFFICES } from '../../workflows/kernel/contract'

/** Everything to the offices and to whom the case is about; its course to whoever holds a task. */
export const SEEN_BY_ALL = {
  ...SEEN_BY_OFFICES,
  subject: ['course', 'identity', 'answers', 'pauses', 'documents'],
  holder: ['course', 'identity'],
} as const
