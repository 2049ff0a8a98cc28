// The case on the table: what was read, what is assumed, what the user knows, and what the page shows of it.
import type { Assumed, Bridge, Failure, How, News, Sources } from './bridge/index.ts'
import type { AccountView, CaseView, CheckView, Choice, DocumentKind, FactsView, LetterView, Preview } from './bridge/wire.ts'
import { t, words } from './words.svelte.ts'

export const FACTS = [
  'company', 'domain', 'from', 'cc', 'operator', 'authority', 'mail_kind', 'cause', 'fixed', 'checked', 'started', 'reference',
] as const
export const MORE_FACTS = ['pool', 'ip_note', 'explained', 'follow_up', 'thread', 'overrule'] as const
export const REPORT_FACTS = ['brand', 'colour', 'logo', 'author', 'version', 'approval', 'approval_date', 'review_date', 'phone', 'mail', 'chat'] as const
export type Fact = (typeof FACTS)[number] | (typeof MORE_FACTS)[number] | (typeof REPORT_FACTS)[number]

type Reading = { job: number; bytes: number; total: number; begun: number }

class Desk {
  sources: Sources = $state({ paths: [], texts: [] })
  view: CaseView | null = $state.raw(null)
  letter: LetterView | null = $state.raw(null)
  check: CheckView | null = $state.raw(null)
  checking = $state(false)
  /** How the sender is checked. */
  how: How = $state({ mail: null, own: false, nameserver: '', bulk: '', lists: false, agreed: [], spamhaus_key: '' })
  reading: Reading | null = $state(null)
  assumed: Assumed = $state({ tz: null, year: null, ips: [], outage: false })
  facts: FactsView = $state(noFacts())
  /** How long the last reading took. */
  seconds: number | null = $state(null)
  /** The number whose lines are shown. */
  opened: Partial<Choice> | null = $state.raw(null)
  dragging = $state(false)
  pasting = $state(false)
  /** What goes out, shown before it does. */
  preview: Preview | null = $state.raw(null)
  handing = $state(false)
  /** What was said last: an error, or that something was done. */
  notice: { text: string; wrong: boolean } | null = $state.raw(null)

  bridge!: Bridge
  #jobs = 0
  #letterOrder = 0
  #nextPaint = 0
  #latest: { bytes: number; total: number; view: CaseView | null } = { bytes: 0, total: 0, view: null }

  connect(bridge: Bridge) {
    this.bridge = bridge
    bridge.onDrop((over) => (this.dragging = over), (paths) => void this.add(paths))
  }

  async openArguments() {
    const paths = await this.bridge.openedWith()
    if (paths.length) await this.add(paths)
  }

  get names(): string[] {
    return [...this.sources.paths, ...this.sources.texts.map(([name]) => name)]
  }

  async add(paths: string[]) {
    this.sources.paths = [...new Set([...this.sources.paths, ...paths])]
    await this.read()
  }

  async paste(text: string) {
    const name = t('pasted', { number: this.sources.texts.length + 1 })
    this.sources.texts = [...this.sources.texts, [name, text]]
    await this.read()
  }

  async remove(name: string) {
    this.sources = {
      paths: this.sources.paths.filter((path) => path !== name),
      texts: this.sources.texts.filter(([known]) => known !== name),
    }
    if (this.names.length) await this.read()
    else Object.assign(this, { view: null, letter: null, check: null, how: { ...this.how, mail: null, own: false, bulk: '' }, reading: null })
  }

  async pick(folder: boolean) {
    const paths = await this.try(() => this.bridge.pick(folder))
    if (paths?.length) await this.add(paths)
  }

  async read() {
    const job = ++this.#jobs
    this.#nextPaint = 0
    this.#latest = { bytes: 0, total: 0, view: null }
    this.reading = { job, bytes: 0, total: 0, begun: performance.now() }
    this.notice = null
    await this.try(() => this.bridge.read(job, $state.snapshot(this.sources) as Sources, $state.snapshot(this.assumed), (news) => this.#hear(job, news)))
    if (this.reading?.job === job) this.reading = null
  }

  #hear(job: number, news: News) {
    if (this.reading?.job !== job) return
    if (news.kind === 'progress') Object.assign(this.#latest, { bytes: news.bytes, total: news.total })
    else if (news.kind === 'glimpse') this.#latest.view = news.view
    if (news.kind !== 'done') this.#show()
    else {
      this.view = news.view
      this.seconds = news.seconds
      this.reading = null
      if (news.cancelled) this.say(t('stopped'))
      if (news.rules.length) this.say(news.rules.join('\n'), true)
      void this.write()
    }
  }

  /** Shows what was heard last, but never spends more than a tenth of the time on painting it. */
  #show() {
    const begun = performance.now()
    if (begun < this.#nextPaint || !this.reading) return
    this.#nextPaint = Infinity
    const { bytes, total, view } = this.#latest
    Object.assign(this.reading, { bytes, total })
    if (view) this.view = view
    requestAnimationFrame(() => requestAnimationFrame(() => (this.#nextPaint = begun + 10 * (performance.now() - begun))))
  }

  stop() {
    if (this.reading) void this.bridge.cancel(this.reading.job)
  }

  async assume(change: Partial<Assumed>) {
    const before = $state.snapshot(this.assumed)
    Object.assign(this.assumed, change)
    const view = await this.try(() => this.bridge.assume($state.snapshot(this.assumed)))
    if (!view) {
      this.assumed = before
      return
    }
    this.view = view
    await this.write()
  }

  /** Asks DNS for the addresses of the server's own names: they become candidates. */
  async lookUp() {
    this.checking = true
    const view = await this.try(() => this.bridge.lookUp())
    this.checking = false
    if (view) this.view = view
  }

  async write() {
    const order = ++this.#letterOrder
    const letter = await this.try(() => this.bridge.letter($state.snapshot(this.facts)))
    if (letter && order === this.#letterOrder) this.letter = letter
  }

  async askDns() {
    this.checking = true
    const check = await this.try(() => this.bridge.check($state.snapshot(this.facts), $state.snapshot(this.how)))
    this.checking = false
    if (check) this.check = check
  }

  /** Checks with a mail that was sent: its signatures are looked at, and verified with the keys in DNS. */
  async pickSent() {
    const [path] = (await this.try(() => this.bridge.pick(false))) ?? []
    if (!path) return
    this.how.mail = path
    await this.askDns()
  }

  async askAgain(id: string, subject: string) {
    this.checking = true
    const check = await this.try(() => this.bridge.checkAgain(id, subject))
    this.checking = false
    if (check) this.check = check
  }

  async save(document: DocumentKind) {
    const path = await this.try(() => this.bridge.save(document, $state.snapshot(this.facts)))
    if (path) this.say(t('saved', { path }))
  }

  /** Shows exactly what would go out. */
  async show() {
    this.preview = (await this.try(() => this.bridge.preview($state.snapshot(this.facts)))) ?? null
  }

  /** Sends the letter, or puts it into Drafts. */
  async hand(account: AccountView, how: 'send' | 'file', again: boolean) {
    this.handing = true
    const facts = $state.snapshot(this.facts)
    const handed = await this.try(() => (how === 'send' ? this.bridge.send(facts, account, again) : this.bridge.fileDraft(facts, account)))
    this.handing = false
    if (!handed) return
    this.preview = null
    this.say(t(`handed-${handed.state}`, { said: handed.said }), !['sent', 'filed'].includes(handed.state))
    await this.write()
  }

  async declare() {
    const done = await this.try(async () => {
      await this.bridge.declare($state.snapshot(this.facts))
      return true
    })
    if (!done) return
    this.preview = null
    this.say(t('declared'))
    await this.write()
  }

  async openMail() {
    const how = await this.try(() => this.bridge.openMail($state.snapshot(this.facts)))
    if (how) this.say(t(`opened-${how}`))
  }

  async openDocument(document: DocumentKind) {
    await this.try(() => this.bridge.openDocument(document, $state.snapshot(this.facts)))
  }

  async copy(text: string) {
    const done = await toClipboard(text)
    this.say(done ? t('copied') : t('copy-failed'), !done)
  }

  say(text: string, wrong = false) {
    this.notice = { text, wrong }
  }

  /** Does something, and says so where it fails. */
  async try<T>(what: () => Promise<T>): Promise<T | undefined> {
    try {
      return await what()
    } catch (error) {
      const failure = error as Failure
      const known = `error-${failure.code}`
      this.say(words.has(known) ? t(known, { text: failure.text }) : t('error-other', { text: failure.text ?? String(error) }), true)
      return undefined
    }
  }
}

function noFacts(): FactsView {
  const empty = [...FACTS, ...MORE_FACTS, ...REPORT_FACTS].map((fact) => [fact, ''])
  return { ...Object.fromEntries(empty), form: '', attach: [], declared: {}, declared_by: '', language: words.language, redact: true } as FactsView
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return byHand(text)
  }
}

/** The older way, for where a page may not write to the clipboard. */
function byHand(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.className = 'unseen'
  const host = document.querySelector('dialog[open]') ?? document.body
  host.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

export const desk = new Desk()
