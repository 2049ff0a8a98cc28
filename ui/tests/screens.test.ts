// The screens on recorded answers: what a technician sees and can do.
import { render, screen, within } from '@testing-library/svelte'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import App from '../src/App.svelte'
import { recorded } from '../src/bridge/recorded.ts'
import type { News } from '../src/bridge/index.ts'
import { desk } from '../src/desk.svelte.ts'
import { words } from '../src/words.svelte.ts'

beforeEach(async () => {
  words.choose('en')
  Object.assign(desk, { view: null, letter: null, check: null, reading: null, opened: null, pasting: false, notice: null })
  desk.sources = { paths: [], texts: [] }
  desk.assumed = { tz: null, year: null, ips: [], outage: false }
  desk.connect(recorded)
})

test('an empty window says what to do', () => {
  render(App)
  expect(screen.getByRole('heading', { name: 'Drop your mail log here' })).toBeTruthy()
  expect(screen.getByText('Nothing leaves this computer unless you ask for it.')).toBeTruthy()
})

test('a log becomes a verdict, findings and a letter', async () => {
  render(App)
  await desk.add(['/var/log/mail.log'])
  expect(await screen.findByRole('heading', { name: /Apple itself refuses your mail/ })).toBeTruthy()
  expect((await screen.findAllByText('550 5.7.1 [HCM2]')).length).toBeGreaterThan(0)
  expect((await screen.findByRole('region', { name: 'Text' })).textContent).toContain('1. Company name')
  expect(screen.getByText('Not ready yet')).toBeTruthy()
})

test('the same in Swedish and Dutch', async () => {
  render(App)
  await desk.add(['/var/log/mail.log'])
  await screen.findByRole('heading', { name: 'Findings' })
  words.choose('sv')
  expect(await screen.findByRole('heading', { name: /Apple avvisar själv/ })).toBeTruthy()
  words.choose('nl')
  expect(await screen.findByRole('heading', { name: /Apple weigert uw mail zelf/ })).toBeTruthy()
})

test('DNS is asked when somebody says so, and what is in order goes into the letter', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  const section = await screen.findByRole('region', { name: "Is the sender's own house in order?" })
  expect(within(section).queryByText('wrong')).toBeNull()
  await user.click(within(section).getByRole('button', { name: 'Check now' }))
  const rows = () => section.querySelectorAll('#checks > li').length
  await within(section).findByText('could not ask')
  expect(rows()).toBe(5)
  await user.click(within(section).getByRole('button', { name: /in order/ }))
  expect(rows()).toBe(7)
  await user.click(within(section).getByRole('button', { name: 'Use in the letter' }))
  expect(desk.facts.checked).toContain('SPF passes')
})

test('blocklists are looked at when somebody says so, and asked where their terms hold', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  const section = await screen.findByRole('region', { name: "Is the sender's own house in order?" })
  await user.click(within(section).getByText('Blocklists'))
  expect(within(section).queryByLabelText(/Spamhaus ZEN/)).toBeNull()
  await user.click(await within(section).findByLabelText(/Look at blocklists too.*Proofpoint/))
  await user.click(within(section).getByLabelText(/PSBL/))
  await user.type(within(section).getByLabelText(/Your own key/), 'abc')
  const check = vi.spyOn(recorded, 'check')
  await user.click(within(section).getByRole('button', { name: 'Check now' }))
  expect(check.mock.lastCall?.[1]).toMatchObject({ lists: true, agreed: ['psbl'], spamhaus_key: 'abc' })
  expect(await within(section).findByText('look there')).toBeTruthy()
})

test('the SPF walk is shown on demand, and one answer is asked for again', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  const section = await screen.findByRole('region', { name: "Is the sender's own house in order?" })
  await user.click(within(section).getByRole('button', { name: 'Check now' }))
  await user.click(await within(section).findByText('The walk through the SPF records'))
  expect(within(section).getByText('include:_spf.northwind.example')).toBeTruthy()
  expect(within(section).getAllByText('1 of 10 look-ups').length).toBe(4)
  const again = vi.spyOn(recorded, 'checkAgain')
  await user.click(within(section).getAllByRole('button', { name: 'Ask again' })[0]!)
  expect(again).toHaveBeenCalledWith('spf.covers', '203.0.113.25 for northwind.example')
})

test('a remedy shows its record in both forms, and what only the sender can say goes into the facts', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  const section = await screen.findByRole('region', { name: "Is the sender's own house in order?" })
  await user.click(within(section).getByRole('button', { name: 'Check now' }))
  expect(await within(section).findByText(/^northwind\.example\. IN TXT/)).toBeTruthy()
  expect(within(section).getByText(/^@ · TXT · v=spf1/)).toBeTruthy()
  const advice = await screen.findByRole('region', { name: 'Until the answer comes, and afterwards' })
  expect(within(advice).getByText('Trial: is it the address, or what the mail says?')).toBeTruthy()
  await user.type(await screen.findByLabelText(/double opt-in/), 'confirmed by mail')
  expect(desk.facts.declared.opt_in).toBe('confirmed by mail')
})

test('a finding explains itself', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  await user.click((await screen.findAllByRole('button', { name: /Details of 550 5.7.1 \[HCM2\]/ }))[0]!)
  expect(screen.getByText('What to do')).toBeTruthy()
  expect(screen.getByText('Known from')).toBeTruthy()
})

test('a number opens its lines', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  await user.click((await screen.findAllByRole('button', { name: /Show \d+ lines/ }))[0]!)
  const dialog = await screen.findByRole('dialog')
  await user.click((await within(dialog).findAllByRole('button', { name: /Open line/ }))[0]!)
  expect((await within(dialog).findByRole('list')).textContent).toContain('status=bounced')
})

test('what was confirmed is not asked again, and a bad address is told', async () => {
  const user = userEvent.setup()
  render(App)
  await desk.add(['/var/log/mail.log'])
  const field = await screen.findByLabelText('Add an address')
  await user.type(field, '203.0.113')
  expect(screen.getByText('This is no IP address.')).toBeTruthy()
  await user.type(field, '.9{Enter}')
  expect(await screen.findByText(/given by you/)).toBeTruthy()
  expect(desk.assumed.ips).toEqual(['203.0.113.9'])
})

test('rows stay where they are while reading goes on', async () => {
  render(App)
  await desk.add(['/var/log/mail.log'])
  const view = desk.view!
  await screen.findByRole('region', { name: 'Text' })
  let tell!: (news: News) => void
  let end!: () => void
  desk.bridge = { ...recorded, read: (_job, _sources, _assumed, hear) => ((tell = hear), new Promise<void>((resolve) => (end = resolve))) }
  const reading = desk.add(['/var/log/mail.log.1'])
  const names = () => screen.getAllByRole('button', { name: /Details of/ }).map((row) => row.textContent)
  tell({ kind: 'glimpse', view })
  await Promise.resolve()
  const before = names()
  tell({ kind: 'glimpse', view: { ...view, findings: view.findings.toReversed() } })
  await Promise.resolve()
  expect(names()).toEqual(before)
  tell({ kind: 'done', view, cancelled: true, seconds: 1, rules: [] })
  end()
  await reading
  expect(await screen.findByText(/Stopped: what was read/)).toBeTruthy()
})

test('an error says what to do', async () => {
  render(App)
  desk.bridge = { ...recorded, assume: () => Promise.reject({ code: 'zone', text: 'no zone' }) }
  await desk.assume({ tz: 'Mars/Olympus' })
  expect(await screen.findByText('This is no time zone. Write it as Europe/Stockholm.')).toBeTruthy()
  expect(desk.assumed.tz).toBeNull()
})
