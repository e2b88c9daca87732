/**
 * What an issued document is made of, as it was when it was ordered: every name, date and choice as a person reads it, in three
 * languages. Written once by the store; its text in a language is a function of this and of nothing else.
 */
import type { IsoDate, Locale, Name } from '../contract'

/** A value as a person reads it: the same in every language, in words of each, or several. */
export type FrozenValue =
  | { readonly text: string }
  | { readonly words: Name }
  | { readonly items: readonly FrozenValue[] }
  | { readonly fields: readonly FrozenField[] }

export interface FrozenField {
  readonly name: string
  readonly label: Name
  readonly value: FrozenValue
}

/** An answer that the template names: what was answered, in the order of its form, and by whom. */
export interface FrozenAnswer {
  readonly kind: string
  readonly title: Name
  readonly fields: readonly FrozenField[]
  readonly on: string
  readonly signed: FrozenSignature | null
  /** why there is no answer: nobody gave one before the task closed */
  readonly missed?: Name
}

export interface FrozenSignature {
  readonly by: Name
  /** the post held on that day */
  readonly position: Name | null
  /** the role, or the part in the case, in which it was answered; in format 1 null for one answered without a role */
  readonly capacity: Name | null
}

/** What a template names: `%{subject}`, `%{apply}` (all of the answer) or `%{apply.from}`. A line with one that ends in `?` is left out where there is none. */
export const PLACEHOLDER = /%\{(\w+)(?:\.(\w+))?(\?)?\}/g

/** Whoever decided what the document says. */
export interface FrozenSignatory extends FrozenSignature {
  /** `Signed by`, as the words had it */
  readonly label: Name
  /** the day on which he decided */
  readonly on: string
}

interface FrozenContent {
  readonly process: string
  readonly version: number
  readonly kind: string
  /** title and body as the words of the process had them; the version is their digest */
  readonly template: { readonly version: string; readonly title: Name; readonly body: Name }
  readonly number: string
  readonly issuedOn: IsoDate
  /** what the template may name beside answers: the case, the start form, and what was said with the order */
  readonly values: Readonly<Record<string, FrozenValue>>
  readonly answers: readonly FrozenAnswer[]
  /** what is to be known of the document as a whole: that it is of a rehearsal, that names were looked up later */
  readonly remarks: readonly Name[]
}

/** As releases froze documents that issued all of them in the name of the body of the case, unsigned. */
interface FrozenOfFormat1 extends FrozenContent {
  readonly format: 1
}

/** Issued by the body whose officer decided. */
interface FrozenIssued extends FrozenContent {
  readonly issuer: Name
  /** null: no official decided it */
  readonly signatory: FrozenSignatory | null
}

/** As releases froze documents that were shown as pages and made no papers. */
export interface FrozenOfFormat2 extends FrozenIssued {
  readonly format: 2
}

/** Made a paper, which anybody who holds it can check. */
export interface FrozenOfFormat3 extends FrozenIssued {
  readonly format: 3
  /** languages in which it is made */
  readonly languages: readonly Locale[]
  readonly check: {
    readonly code: string
    /** the page of this code, as the paper shows it */
    readonly address: string
    /** the sentence that the paper has for it */
    readonly says: Name
  }
}

/** A renderer keeps reading every format that was ever written. */
export type FrozenDocument = FrozenOfFormat1 | FrozenOfFormat2 | FrozenOfFormat3
