/** Seats of a commission. Pure: the commission decides by it, and the API offers by it. */

/** A commission and one of its seats, as far as replacing a member looks at them. */
interface Seated {
  readonly commission: { readonly state: string }
  readonly seat: { readonly state: string; readonly void: string | null }
}

/** May the member in this seat still be replaced? Until the answers are opened. */
export const mayBeReplaced = ({ commission, seat }: Seated): boolean =>
  commission.state === 'asking' && seat.void === null && ['asked', 'answered'].includes(seat.state)
