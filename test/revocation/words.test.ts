import { testWordsOf } from '../support/process-words'
import { revocation } from './process'

testWordsOf(revocation, __dirname)
