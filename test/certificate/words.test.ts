import { testWordsOf } from '../support/process-words'
import { certificate } from './process'

testWordsOf(certificate, __dirname)
