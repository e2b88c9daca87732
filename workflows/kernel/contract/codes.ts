/** The kernel's own codes. Each has words in `kernel/words`; the types keep the code to these lists, and a test keeps the words. */

/** Reasons that the kernel and the API give: words `reasons.<code>`. A process may give any of these, with words of its own if it has them. */
export const KERNEL_REASONS = [
  'policy.excluded',
  'policy.noRole',
  'policy.notAddressee',
  'policy.claimFirst',
  'policy.heldByAnother',
  'policy.ownCase',
  'policy.leftOffice',
  'policy.notYourBody',
  'policy.noPost',
  'policy.notThisCapacity',
  'policy.developersOnly',
  'policy.contentHidden',
  'policy.administratorsOnly',
  'policy.notYourSet',
  'policy.notLinked',
  'task.closed',
  'task.taken',
  'task.suspended',
  'task.tooLate',
  'task.notReturnable',
  'task.noQuestions',
  'task.questionOpen',
  'task.noOpenQuestion',
  'task.noRecusal',
  'case.closed',
  'case.changed',
  'case.full',
  'act.unknown',
  'act.notNow',
  'act.tooLate',
  'act.nothingAhead',
  'act.rehearsalOnly',
  'open.notServed',
  'open.unknownBody',
  'open.otherSet',
  'form.invalid',
  'register.exists',
  'register.contradicts',
  'effect.undone',
  'annul.open',
  'annul.noResult',
  'annul.otherSet',
  'annul.notLinked',
  'annul.already',
  'alreadyOpen',
  'cancelled',
  'refused',
  'outsideCalendar',
  'ruleFailed',
  'registerGap',
  'undoFailed',
  'undoUnanswered',
  'reconsider',
] as const
export type KernelReason = (typeof KERNEL_REASONS)[number]

/** What may be wrong with a field of any form: words `errors.<code>`. A process adds its own in its contract. */
export const FIELD_ERRORS = [
  'required',
  'type',
  'tooLong',
  'tooBig',
  'tooSmall',
  'date',
  'format',
  'option',
  'unknown',
  'invalid',
  'characters',
  'yourself',
  'onlyYourself',
  'past',
  'unknownId',
  'mayNotHold',
  'notInOffice',
  'notTheirPost',
  'alreadyOpen',
  'positionOfOtherBody',
  'notFirstDay',
  'notYet',
  'outsideCalendar',
  'otherOrigin',
  'otherSpeed',
  'setDiscarded',
  'noSeat',
  'noRegime',
  'beforeFrom',
] as const
export type FieldError = (typeof FIELD_ERRORS)[number]

/** What the kernel writes into every file: words `events.<event>`. A process adds its own remarks in its contract. */
export const KERNEL_EVENTS = [
  'caseOpened',
  'caseRefused',
  'caseClosed',
  'stageEntered',
  'taskOpened',
  'taskCompleted',
  'taskReturned',
  'taskWithdrawn',
  'taskLapsed',
  'taskReminded',
  'taskOverdue',
  'taskReassigned',
  'nobodyEligible',
  'nobodyAnywhere',
  'eligibleAgain',
  'questionAsked',
  'questionAnswered',
  'questionWithdrawn',
  'actPerformed',
  'documentIssued',
  'clockSet',
  'clockAdvanced',
  'calendarChanged',
  'undoFailed',
  'longHistory',
  'manyMessages',
  'commissionConvened',
  'memberExcluded',
  'memberRecused',
  'alternateCalled',
  'memberReplaced',
  'commissionExtended',
  'commissionRevealed',
  'votedAgain',
  'commissionDecided',
  'commissionFailed',
  'sealBroken',
  'effectTaken',
  'effectUndone',
  'linkedCaseOpened',
  'linkedCaseTold',
  'linkedCaseReplied',
  'linkedCaseRefused',
  'linkedCaseEnded',
  'linkedCasesOpened',
  'linkedCasesEnded',
] as const
export type KernelEvent = (typeof KERNEL_EVENTS)[number]

/** Why nobody may do a task: nobody holds its role; all who do are excluded, or the person is; he has left the office he was named by. */
export const NOBODY_MAY = ['nobodyHolds', 'allExcluded', 'excluded', 'leftOffice'] as const
export type NobodyMay = (typeof NOBODY_MAY)[number]

/** What people are told of without looking: words `notices.<notice>`. */
export const NOTICES = [
  'taskOpened',
  'taskReminder',
  'taskOverdue',
  'caseClosed',
  'longHistory',
  'manyMessages',
  'sealBroken',
] as const
export type Notice = (typeof NOTICES)[number]

/** Why a task ended that nobody did before it closed. */
export const MISSED = 'missed'

/** Why something was withdrawn, ended without an answer or stood still, beside the acts of a process: words `because.<code>`. */
export const KERNEL_CAUSES = [
  'question',
  'revision',
  'cancel',
  'discard',
  'movedBack',
  'replaced',
  'otherBranch',
  MISSED,
  'recused',
  'questionWithdrawn',
  'caseEnded',
] as const

/** What the kernel can take and give back: words `effects.<name>`. */
export const KERNEL_EFFECTS = ['hold', 'annul', 'takeBack'] as const
export type KernelEffect = (typeof KERNEL_EFFECTS)[number]
