// Every visible string comes from here: the catalogue in assets/locales, read by Fluent.
import { FluentBundle, FluentResource } from '@fluent/bundle'
import en from '../../assets/locales/en/window.ftl?raw'
import nl from '../../assets/locales/nl/window.ftl?raw'
import sv from '../../assets/locales/sv/window.ftl?raw'

export const LANGUAGES = { en: 'English', sv: 'Svenska', nl: 'Nederlands' } as const
export type Language = keyof typeof LANGUAGES

const catalogue: Record<Language, string> = { en, sv, nl }
const bundles = new Map<Language, FluentBundle>()

function bundle(language: Language): FluentBundle {
  let known = bundles.get(language)
  if (!known) {
    // The page puts texts into elements of their own, so no isolating marks are wanted around them.
    known = new FluentBundle(language, { useIsolating: false })
    known.addResource(new FluentResource(catalogue[language]))
    bundles.set(language, known)
  }
  return known
}

function preferred(): Language {
  const stored = localStorage.getItem('language')
  const wanted = stored ?? navigator.language.slice(0, 2)
  return wanted in LANGUAGES ? (wanted as Language) : 'en'
}

class Words {
  language: Language = $state(preferred())

  choose(language: Language) {
    this.language = language
    localStorage.setItem('language', language)
    document.documentElement.lang = language
  }

  has(id: string): boolean {
    return bundle(this.language).hasMessage(id)
  }

  say(id: string, args: Record<string, string | number> = {}): string {
    const message = bundle(this.language).getMessage(id)
    if (!message?.value) return id
    return bundle(this.language).formatPattern(message.value, args)
  }
}

export const words = new Words()
document.documentElement.lang = words.language

/** The message with this name. */
export const t = (id: string, args?: Record<string, string | number>) => words.say(id, args)

const formats = new Map<string, Intl.NumberFormat>()

/** A number with the reader's own separators. A format is made once: making one takes longer than a frame may. */
export function number(value: number, digits = 0): string {
  const key = `${words.language} ${digits}`
  let format = formats.get(key)
  if (!format) formats.set(key, (format = new Intl.NumberFormat(words.language, { maximumFractionDigits: digits })))
  return format.format(value)
}

/** Bytes as people read them. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  const digits = power < 2 ? 0 : 1
  return `${number(value / 1000 ** power, digits)} ${units[power]}`
}

/** `2026-10-03 09:16`, of a time in RFC 3339: evidence is always shown in UTC. */
export const minute = (time: string | null) => (time ? time.slice(0, 16).replace('T', ' ') : '–')

/** `2026-10-03 09:16:37`. */
export const second = (time: string | null) => (time ? time.slice(0, 19).replace('T', ' ') : '–')

/** Text of a log with control and bidirectional characters shown and not obeyed. */
export function shown(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/g, (each) => {
    return `\\u{${each.codePointAt(0)!.toString(16)}}`
  })
}
