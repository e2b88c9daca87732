import { testWordsOf } from '../../support/process-words'
import { inquiry } from './process'

testWordsOf(inquiry, __dirname)
