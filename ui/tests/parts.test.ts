// Small things that the screens stand on.
import { expect, test } from 'vitest'
import { isAddress } from '../src/address.ts'
import { bars } from '../src/timeline.ts'
import { bytes, minute, shown } from '../src/words.svelte.ts'

const hour = (hour: string, rejected = 1) => ({ hour, delivered: 0, deferred: 0, rejected, control_delivered: 2, control_failed: 0 })

test('bars are contiguous and few', () => {
  expect(bars([])).toEqual([])
  const day = bars([hour('2026-10-03T09:00:00Z'), hour('2026-10-03T12:00:00Z', 3)])
  expect(day.map((bar) => bar.rejected)).toEqual([1, 0, 0, 3])
  const year = bars([hour('2025-10-03T09:00:00Z'), hour('2026-10-03T12:00:00Z')])
  expect(year.length).toBeLessThanOrEqual(190)
  expect(year.reduce((sum, bar) => sum + bar.rejected, 0)).toBe(2)
})

test('addresses are told from other texts', () => {
  expect(['203.0.113.25', '2001:db8::7', '::1'].filter(isAddress)).toHaveLength(3)
  expect(['', '203.0.113', '256.1.1.1', 'mail.example', '1:2', '203.0.113.25 ', 'fe80::1%eth0'].filter(isAddress)).toEqual([])
})

test('what steers is shown and not obeyed', () => {
  expect(shown('a\u001b[31m\u202eb\u0000')).toBe('a\\u{1b}[31m\\u{202e}b\\u{0}')
  expect(shown('plain\ttext\n')).toBe('plain\ttext\n')
})

test('sizes and times are for people', () => {
  expect(bytes(1_370_583)).toBe('1.4 MB')
  expect(bytes(0)).toBe('0 B')
  expect(minute('2026-10-03T09:16:37Z')).toBe('2026-10-03 09:16')
  expect(minute(null)).toBe('–')
})
