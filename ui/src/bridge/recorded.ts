// Answers recorded from the bundled sample log, for a plain browser and for tests. `make recorded` writes them anew.
import type { Bridge } from './index.ts'
import type { Blocklist, Card, CaseView, CheckView, Declaration, LetterView, LineView, LinesView } from './wire.ts'
import answers from './recorded.json'

const view = answers.view as unknown as CaseView
const letter = answers.letter as LetterView

export const recorded: Bridge = {
  openedWith: async () => (new URLSearchParams(location.search).has('empty') ? [] : ['assets/samples/mail.log']),
  async read(_job, sources, _assumed, tell) {
    tell({ kind: 'progress', bytes: 1, total: 2 })
    const names = [...sources.paths, ...sources.texts.map(([name]) => name)]
    const named = names.map((name, at) => ({ ...view.sources[0]!, name, ...(at > 0 && { problems: [] }) }))
    tell({ kind: 'done', view: { ...view, sources: named }, cancelled: false, seconds: 0.02, rules: [] })
  },
  cancel: async () => {},
  assume: async (assumed) => ({
    ...view,
    sending_ips: assumed.ips.length
      ? assumed.ips.map((ip) => ({ ip, basis: 'given', confidence: 'high', attempts: 0, pool: null }))
      : view.sending_ips,
    assumptions: {
      tz: assumed.tz ?? view.assumptions.tz,
      tz_basis: assumed.tz ? 'given' : view.assumptions.tz_basis,
      year: assumed.year ?? view.assumptions.year,
      year_basis: assumed.year ? 'given' : view.assumptions.year_basis,
    },
  }),
  lookUp: async () => view,
  letter: async (facts) => ({
    ...letter,
    missing: letter.missing.filter(({ field }) => !(facts as unknown as Record<string, string>)[field]),
  }),
  check: async () => answers.check as CheckView,
  checkAgain: async () => answers.check as CheckView,
  blocklists: async () => answers.blocklists as Blocklist[],
  cards: async () => answers.cards as Card[],
  declarations: async () => answers.declarations as Declaration[],
  lines: async () => answers.lines as LinesView,
  line: async () => answers.line as LineView,
  pick: async () => ['picked.log'],
  save: async (document) => `/tmp/${document}`,
  preview: async ({ from, cc }) => ({
    from,
    to: [letter.to, ...cc.split(',').filter(Boolean)],
    subject: letter.subject,
    body: letter.body,
    attachments: [],
    message_id: '<recorded@northwind.example>',
    before: null,
  }),
  send: async () => ({ state: 'sent', said: '250 2.0.0 Ok: queued' }),
  fileDraft: async () => ({ state: 'filed', said: 'Drafts' }),
  declare: async () => {},
  openMail: async () => 'draft',
  openDocument: async () => {},
  onDrop: () => {},
}
