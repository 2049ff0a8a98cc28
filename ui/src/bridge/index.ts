// The only way from the page to Rust. It has two backings: the window's shell, and recorded answers in a browser.
import { tauri } from './tauri.ts'
import type { AccountView, Blocklist, Card, CaseView, CheckView, Choice, Declaration, DocumentKind, FactsView, Handover, LetterView, LineView, LinesView, Preview } from './wire.ts'

export type Assumed = { tz: string | null; year: number | null; ips: string[]; outage: boolean }
/** How the sender is checked: a mail that was sent, whether its addresses are the user's own, which name server is asked, whether it goes to many; and whether blocklists are looked at, which of them are asked, and the user's key for Spamhaus. */
export type How = {
  mail: string | null
  own: boolean
  nameserver: string
  bulk: '' | 'yes' | 'no'
  lists: boolean
  agreed: string[]
  spamhaus_key: string
}
export type Sources = { paths: string[]; texts: [string, string][] }

export type News =
  | { kind: 'progress'; bytes: number; total: number }
  | { kind: 'glimpse'; view: CaseView }
  | { kind: 'done'; view: CaseView; cancelled: boolean; seconds: number; rules: string[] }

export type Failure = { code: string; text: string }

export interface Bridge {
  openedWith(): Promise<string[]>
  read(job: number, sources: Sources, assumed: Assumed, tell: (news: News) => void): Promise<void>
  cancel(job: number): Promise<void>
  assume(assumed: Assumed): Promise<CaseView>
  /** Asks DNS for the addresses of the server's own names: this call reaches the network too. */
  lookUp(): Promise<CaseView>
  letter(facts: FactsView): Promise<LetterView>
  /** Asks DNS about the sender, shown perhaps by a mail that was sent. This call and the next reach the network. */
  check(facts: FactsView, how: How): Promise<CheckView>
  /** Asks again for what one answer rests on. */
  checkAgain(id: string, subject: string): Promise<CheckView>
  /** The blocklists that may be looked at, with their terms. */
  blocklists(): Promise<Blocklist[]>
  cards(): Promise<Card[]>
  /** What only the sender can say, as questions. */
  declarations(): Promise<Declaration[]>
  lines(choice: Partial<Choice>, from: number): Promise<LinesView>
  line(attempt: number, choice: Partial<Choice>): Promise<LineView>
  pick(folder: boolean): Promise<string[]>
  save(document: DocumentKind, facts: FactsView): Promise<string | null>
  /** The letter exactly as it would go out. */
  preview(facts: FactsView): Promise<Preview>
  send(facts: FactsView, account: AccountView, again: boolean): Promise<Handover>
  fileDraft(facts: FactsView, account: AccountView): Promise<Handover>
  /** The user says that the letter went out by other means. */
  declare(facts: FactsView): Promise<void>
  openMail(facts: FactsView): Promise<'link' | 'draft'>
  openDocument(document: DocumentKind, facts: FactsView): Promise<void>
  /** Calls back with `true` while something hovers over the window, and with the paths that were dropped. */
  onDrop(hover: (over: boolean) => void, drop: (paths: string[]) => void): void
}

export async function openBridge(): Promise<Bridge> {
  if ('__TAURI_INTERNALS__' in window) return tauri
  return (await import('./recorded.ts')).recorded
}
