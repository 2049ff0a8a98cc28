// Every message is there in every language, with the same arguments, and every message is said somewhere.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const catalogue = (language: string) => readFileSync(join(root, 'assets/locales', language, 'window.ftl'), 'utf8')

/** Names of messages with the arguments that they take. */
function messages(language: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const block of catalogue(language).split(/\n(?=[a-z-])/)) {
    const name = /^([a-z][\w-]*) =/.exec(block)?.[1]
    if (!name) continue
    const args = new Set([...block.matchAll(/\$(\w+)/g)].map(([, arg]) => arg))
    found.set(name, [...args].sort().join(' '))
  }
  return found
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(svelte|ts)$/.test(entry.name) ? [readFileSync(path, 'utf8')] : []
  })
}

/** What the page says: whole names, and beginnings of names that end in a word from the data. */
function said(): { whole: Set<string>; begun: string[] } {
  const text = sources(join(root, 'ui/src')).join('\n')
  const whole = new Set([...text.matchAll(/['"`]([a-z][\w-]*)['"`]/g)].map(([, name]) => name!))
  const begun = [...text.matchAll(/`([a-z][\w-]*-)\$\{/g)].map(([, name]) => name!)
  return { whole, begun }
}

test.each(['sv', 'nl'])('%s has the same messages as English, with the same arguments', (language) => {
  expect(Object.fromEntries(messages(language))).toEqual(Object.fromEntries(messages('en')))
})

test.each(['en', 'sv', 'nl'])('no message of %s has two texts', (language) => {
  const names = [...catalogue(language).matchAll(/^([a-z][\w-]*) =/gm)].map(([, name]) => name!)
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('every message is said somewhere', () => {
  const { whole, begun } = said()
  const unused = [...messages('en').keys()].filter((name) => !whole.has(name) && !begun.some((start) => name.startsWith(start)))
  expect(unused).toEqual([])
})

test('everything that is said is in the catalogue', () => {
  const text = sources(join(root, 'ui/src')).join('\n')
  const known = messages('en')
  const names = [...text.matchAll(/\bt\(\s*'([^']+)'/g)].map(([, name]) => name!)
  expect(names.filter((name) => !known.has(name))).toEqual([])
  const families = [...text.matchAll(/\bt\(\s*(?:words\.has\(.*?\) \? )?`([a-z][\w-]*-)\$\{/g)].map(([, start]) => start!)
  expect(families.filter((start) => ![...known.keys()].some((name) => name.startsWith(start)))).toEqual([])
})

/** The codes of the sentences that Rust sends without their words. */
function remarks(): string[] {
  const text = readFileSync(join(root, 'crates/desk/src/remark.rs'), 'utf8')
  const codes = [...text.matchAll(/^ {4}\(\s*"(\w+)",/gm)].map(([, code]) => code!)
  expect(codes.length).toBeGreaterThan(10)
  return codes
}

/** The reasons for which mails are set aside. */
function asides(): string[] {
  const text = ['crates/evidence/src/bounce/mod.rs', 'crates/diagnosis/src/ledger.rs', 'crates/diagnosis/src/mail.rs', 'crates/diagnosis/src/part.rs'].map((file) => readFileSync(join(root, file), 'utf8')).join('')
  return [...text.matchAll(/"(aside_\w+)"/g)].map(([, code]) => code!)
}

test('every word that Rust may send has a message', () => {
  const known = messages('en')
  const doors = ['provider', 'list_owner', 'sender', 'recipient', 'relay', 'developer_programme', 'outage', 'wait', 'unknown']
  const wanted = [
    ...[...doors, 'nothing', 'clear', 'forwarding', 'foreign'].flatMap((kind) => [`verdict-${kind}`, `next-${kind}`]),
    ...doors.map((door) => `door-${door}`),
    ...['low', 'medium', 'high'].map((word) => `confidence-${word}`),
    ...['ip', 'domain', 'stream', 'message', 'undecided'].map((word) => `follows-${word}`),
    ...['no_block', 'split', 'named', 'every_domain', 'scattered', 'alone'].map((word) => `why-${word}`),
    ...['person', 'script', 'list', 'forwarded', 'null_sender', 'mail'].map((word) => `stream-${word}`),
    ...['login', 'script', 'null_sender', 'sender', 'domain'].map((word) => `talker-${word}`),
    ...['fail', 'warning', 'unknown', 'pass', 'not_applicable'].map((word) => `status-${word}`),
    ...remarks().map((code) => `remark-${code}`),
    ...['given', 'field', 'provider_reply', 'instance_name'].map((word) => `basis-${word}`),
    ...['other_reply', 'configuration', 'received'].map((word) => `candidate-${word}`),
    ...['stated', 'assumed', 'given'].map((word) => `assumption-${word}`),
    ...['long', 'from', 'other_door', 'not_public', 'clear', 'domains', 'intake', 'both', 'untimed', 'story', 'wish', 'others', 'attachment', 'unfixed'].map((word) => `note-${word}`),
    ...['outage', 'old', 'blockers', 'pool', 'open', 'patience', 'nothing_new'].map((word) => `obstacle-${word}`),
    ...['sent', 'filed', 'failed', 'unknown'].map((word) => `handed-${word}`),
    ...['empty', 'no_mail_log', 'not_understood', 'unopened', 'unreadable', 'internal', 'archive', 'copy', 'overlap', ...asides()].map((word) => `problem-${word}`),
  ]
  expect(wanted.filter((name) => !known.has(name))).toEqual([])
})
