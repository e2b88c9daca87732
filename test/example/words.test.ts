import { testWordsOf } from '../support/process-words'
import { example } from './process'

testWordsOf(example, __dirname)
