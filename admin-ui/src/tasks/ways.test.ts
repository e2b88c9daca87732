import { waysOf, withoutDecision } from './ways'

const form = {
  type: 'object',
  properties: {
    decision: { type: 'string', enum: ['agree', 'refuse'] },
    agrees: { type: 'boolean' },
    grounds: { type: 'string', 'x-widget': 'text' },
  },
  required: ['decision', 'agrees', 'grounds'],
}
const decision = { field: 'decision', choices: ['agree', 'refuse'] }
const yesOrNo = { field: 'agrees', choices: ['true', 'false'] }

it('gives each choice of a decision a button with words of its own', () => {
  expect(waysOf('agreeDismissal', form, decision)).toEqual([
    { words: 'tasks.agreeDismissal.choices.agree', decided: { decision: 'agree' } },
    { words: 'tasks.agreeDismissal.choices.refuse', decided: { decision: 'refuse' } },
  ])
})

it('answers a decision between yes and no with yes or no', () => {
  expect(waysOf('consent', form, yesOrNo).map(({ decided }) => decided)).toEqual([{ agrees: true }, { agrees: false }])
})

it('offers no choice that the form of the task does not have', () => {
  const narrowed = { ...form, properties: { ...form.properties, decision: { type: 'string', enum: ['refuse'] } } }
  expect(waysOf('agreeDismissal', narrowed, decision)).toHaveLength(1)
})

it('gives a task that nothing decides one button, named by what the task does', () => {
  expect(waysOf('agreeAdaptationPlan', form, null)).toEqual([{ words: 'tasks.agreeAdaptationPlan', decided: {} }])
})

it('asks for everything but what the button decides', () => {
  expect(withoutDecision(form, decision)).toEqual({
    type: 'object',
    properties: { agrees: form.properties.agrees, grounds: form.properties.grounds },
    required: ['agrees', 'grounds'],
  })
  expect(withoutDecision(form, null)).toBe(form)
})
