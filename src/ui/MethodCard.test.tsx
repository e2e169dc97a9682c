// The short form: as the person chose, else while the guide is open.
import { expect, it } from 'vitest'
import { simpleKeys } from '../config/efforts'
import { drawn } from '../testing/drawn'
import { readyStudio } from '../testing/fake-studio'
import { MethodCard } from './MethodCard'

it('shows the most important settings in the guide, and all of them once the person wants that', async () => {
  const studio = await readyStudio()
  const shown = (): string[] => [...drawn(<MethodCard />, studio).matchAll(/ name="(\w+)"/g)].map(([, name]) => name)
  expect(shown()).toContain('seed')
  studio.guide.begin()
  expect(shown().toSorted()).toEqual(['r', ...simpleKeys].toSorted())
  studio.preferences.set({ simpleForm: false })
  expect(shown()).toContain('seed')
  studio.guide.leave()
  studio.preferences.set({ simpleForm: true })
  expect(shown()).not.toContain('seed')
})
