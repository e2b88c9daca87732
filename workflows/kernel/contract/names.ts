/** How people, bodies and positions are named in answers: shapes that the store reads and the API answers with. */

/** A name in the three languages of the service. */
export interface Name {
  kk: string
  ru: string
  en: string
}

export interface PersonRef {
  id: string
  name: Name
}
export interface BodyRef {
  key: string
  name: Name
}

/** A person to try the demonstration as. */
export interface DemoUser {
  id: string
  name: Name
  /** words key `kernel.demo.<key>` saying who this is */
  as: string
  body: BodyRef | null
}
