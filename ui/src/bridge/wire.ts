// Written by `UPDATE=1 cargo test -p desk shapes` from crates/desk/src: do not edit.

export type CaseView = { 
/**
 * What was read.
 */
sources: Array<SourceView>, 
/**
 * How much there was of the provider.
 */
totals: TotalsView, 
/**
 * What it comes to.
 */
verdict: VerdictView, 
/**
 * The kinds of refusal, the most frequent first.
 */
findings: Array<FindingView>, 
/**
 * The story, hour by hour.
 */
hours: Array<HourView>, 
/**
 * The last acceptance before the first refusal, in RFC 3339.
 */
last_delivered_before: string | null, 
/**
 * The first refusal that is a block.
 */
first_refused: string | null, 
/**
 * The newest refusal that is a block.
 */
last_refused: string | null, 
/**
 * Messages that met the block since it began.
 */
messages_refused: number, 
/**
 * Messages tried since then.
 */
messages_tried: number, 
/**
 * From where the mail was sent.
 */
sending_ips: Array<SendingIpView>, 
/**
 * From where it may have been sent, to be confirmed.
 */
candidates: Array<CandidateView>, 
/**
 * Whether the address of some refused mail is not known.
 */
asked: boolean, 
/**
 * Hosts that a configuration hands mail to.
 */
relay_hosts: Array<string>, 
/**
 * What the block follows.
 */
follows: FollowsView, 
/**
 * What was sent before the first refusal.
 */
conduct: ConductView, 
/**
 * Other providers in the same quarters of an hour.
 */
control: Array<ControlView>, 
/**
 * What was taken for granted.
 */
assumptions: AssumptionsView, };

export type SourceView = { 
/**
 * How it is named: a path, or the name of a pasted text.
 */
name: string, 
/**
 * The family of its lines, or `unknown`.
 */
format: string, 
/**
 * Bytes, unpacked.
 */
bytes: number, 
/**
 * Lines.
 */
lines: number, 
/**
 * Attempts of all providers.
 */
attempts: number, 
/**
 * Lines that should have held an attempt.
 */
not_understood: number, 
/**
 * What the user should know.
 */
problems: Array<ProblemView>, };

export type ProblemView = { 
/**
 * A stable word of docs/errors.md.
 */
code: string, 
/**
 * The first line it was seen on.
 */
line: number | null, 
/**
 * How often.
 */
times: number, 
/**
 * What is the matter, in English.
 */
what: string, 
/**
 * What to do, in English.
 */
hint: string, };

export type TotalsView = { 
/**
 * Attempts.
 */
attempts: number, 
/**
 * Messages.
 */
messages: number, 
/**
 * Different recipients.
 */
recipients: number, 
/**
 * Attempts that were accepted.
 */
delivered: number, 
/**
 * Attempts that were put off.
 */
deferred: number, 
/**
 * Attempts that were refused.
 */
rejected: number, };

export type VerdictView = { 
/**
 * `nothing`, `clear`, `outage`, `unknown`, or the word of a door.
 */
kind: string, 
/**
 * Who stands behind the door.
 */
who: string | null, 
/**
 * Where to reach them.
 */
contact: string | null, 
/**
 * `low`, `medium` or `high`.
 */
confidence: string | null, 
/**
 * The finding that weighs most.
 */
finding: number | null, 
/**
 * All doors with their shares, blocks first.
 */
doors: Array<DoorView>, 
/**
 * What must be done before anybody is written to, in order.
 */
before: Array<RemarkView>, 
/**
 * What the evidence proves besides.
 */
remarks: Array<RemarkView>, };

export type DoorView = { 
/**
 * The word of the door, or `unknown`.
 */
kind: string, 
/**
 * Who stands behind it.
 */
who: string | null, 
/**
 * Where to reach them.
 */
contact: string | null, 
/**
 * Messages that ended there.
 */
messages: number, 
/**
 * The findings behind it, by their places.
 */
findings: Array<number>, };

export type RemarkView = { 
/**
 * A stable word.
 */
code: string, 
/**
 * The names in it.
 */
names: Array<string>, 
/**
 * The numbers in it.
 */
figures: Array<number>, };

export type FollowsView = { 
/**
 * `ip`, `domain`, `stream`, `message` or `undecided`.
 */
what: string, 
/**
 * `no_block`, `split`, `named`, `every_domain`, `scattered` or `alone`.
 */
reason: string, 
/**
 * What is refused while its like is not.
 */
red: Array<string>, 
/**
 * The cells, those with the most attempts first.
 */
cells: Array<CellView>, };

export type CellView = { 
/**
 * The sending address.
 */
ip: string | null, 
/**
 * The sender's domain; empty for mail without a sender.
 */
domain: string | null, 
/**
 * The word of the stream.
 */
stream: string, 
/**
 * Attempts that met the block since it began.
 */
refused: number, 
/**
 * Attempts since it began.
 */
tried: number, };

export type ConductView = { 
/**
 * Hours of evidence in the 72 before the first refusal.
 */
hours: number, 
/**
 * Hours of evidence in the week before those.
 */
week_hours: number, 
/**
 * Messages to the provider in the 72 hours.
 */
messages: number, 
/**
 * Different recipients of theirs.
 */
recipients: number, 
/**
 * Messages to recipients that do not exist.
 */
unknown: number, 
/**
 * Messages in the week before.
 */
week_messages: number, 
/**
 * Who sent most.
 */
top: Array<TalkerView>, };

export type TalkerView = { 
/**
 * `login`, `script`, `null_sender`, `sender` or `domain`.
 */
kind: string, 
/**
 * The name.
 */
name: string, 
/**
 * Messages in the 72 hours.
 */
messages: number, 
/**
 * Messages in the week before.
 */
week: number, 
/**
 * Messages to recipients that do not exist.
 */
unknown: number, 
/**
 * Whether it stands out.
 */
suspect: boolean, };

export type FindingView = { 
/**
 * The rule's name.
 */
rule: string | null, 
/**
 * The marker in the reply.
 */
marker: string | null, 
/**
 * The reply's code and enhanced code, as `554 5.7.1`.
 */
code: string, 
/**
 * The first reply, or the sending server's own words.
 */
text: string, 
/**
 * The word of the door.
 */
door: string | null, 
/**
 * Who stands behind it.
 */
who: string | null, 
/**
 * Where to reach them.
 */
contact: string | null, 
/**
 * What the reply means, in English.
 */
meaning: string | null, 
/**
 * How sure that is.
 */
confidence: string | null, 
/**
 * What to do, in English, in order.
 */
advice: Array<string>, 
/**
 * Where this is known from, each with its date.
 */
known_from: Array<string>, 
/**
 * Whether it is a block.
 */
block: boolean, 
/**
 * Attempts.
 */
attempts: number, 
/**
 * Messages.
 */
messages: number, 
/**
 * Different recipients.
 */
recipients: number, 
/**
 * The first, in RFC 3339.
 */
first: string | null, 
/**
 * The newest.
 */
last: string | null, 
/**
 * The words of the stages.
 */
stages: Array<string>, };

export type HourView = { 
/**
 * Its beginning, in RFC 3339.
 */
hour: string, 
/**
 * Accepted.
 */
delivered: number, 
/**
 * Put off.
 */
deferred: number, 
/**
 * Refused.
 */
rejected: number, 
/**
 * Other providers' acceptances in the same quarters of an hour.
 */
control_delivered: number, 
/**
 * Other providers' failures.
 */
control_failed: number, };

export type SendingIpView = { 
/**
 * The address.
 */
ip: string, 
/**
 * `given`, `provider_reply` or `instance_name`.
 */
basis: string, 
/**
 * How sure that is.
 */
confidence: string, 
/**
 * How many attempts show it.
 */
attempts: number, 
/**
 * The outgoing service that it belongs to, if many senders share it.
 */
pool: string | null, };

export type CandidateView = { 
/**
 * The address.
 */
ip: string, 
/**
 * `other_reply`, `configuration` or `received`.
 */
basis: string, 
/**
 * Who or what names it.
 */
by: Array<string>, 
/**
 * How often.
 */
times: number, };

export type ControlView = { 
/**
 * The name for people; nothing is all that are not known.
 */
name: string | null, 
/**
 * Attempts.
 */
attempts: number, 
/**
 * Accepted.
 */
delivered: number, };

export type AssumptionsView = { 
/**
 * The zone of stamps that have none.
 */
tz: string, 
/**
 * `stated`, `assumed` or `given`; the weakest of all sources.
 */
tz_basis: string, 
/**
 * The year of the newest stamp.
 */
year: number | null, 
/**
 * `stated`, `assumed` or `given`.
 */
year_basis: string, };

export type CheckView = { 
/**
 * The domain that people see in From.
 */
domain: string, 
/**
 * The name servers that were asked.
 */
servers: string, 
/**
 * The answers: what is wrong first.
 */
checks: Array<CheckRow>, 
/**
 * What the letter may say of it.
 */
line: string | null, };

export type AskedView = { 
/**
 * `northwind.example TXT`.
 */
query: string, 
/**
 * The records, or why there are none.
 */
answer: string, 
/**
 * How long it may be kept, in seconds.
 */
ttl: number | null, 
/**
 * When it was asked: RFC 3339.
 */
time: string, };

export type Declaration = { 
/**
 * The word used on the command line.
 */
id: string, 
/**
 * The question; knowledge and English.
 */
question: string, 
/**
 * Who asks senders for it.
 */
asked_by: Array<string>, 
/**
 * Whether only those are asked who send to many.
 */
bulk: boolean, 
/**
 * The answer, as the sender gave it.
 */
answer: string | null, 
/**
 * Who gave it.
 */
by: string | null, 
/**
 * On which day.
 */
on: string | null, };

export type Blocklist = { 
/**
 * The word used on the command line.
 */
id: string, 
/**
 * What it is called.
 */
name: string, 
/**
 * `key` where a key opens it too, `free` where its terms do, `link` for a page that people look at.
 */
access: string, 
/**
 * Its terms.
 */
terms: string, };

export type RemedyView = { 
/**
 * What to do, in sentences.
 */
text: string, 
/**
 * The records to publish.
 */
records: Array<RecordView>, 
/**
 * Steps that have a day each.
 */
steps: Array<string>, 
/**
 * What may break.
 */
may_break: string | null, 
/**
 * How to see that it worked.
 */
verify: string | null, };

export type RecordView = { 
/**
 * As a zone file holds it.
 */
zone_file: string, 
/**
 * The name as a web form takes it.
 */
name: string, 
/**
 * The type.
 */
kind: string, 
/**
 * The value as a web form takes it.
 */
value: string, 
/**
 * The record that it takes the place of.
 */
replaces: string | null, };

export type StepView = { 
/**
 * The domain whose record it is in.
 */
domain: string, 
/**
 * The term as published; the whole record for its first step.
 */
term: string, 
/**
 * What came of it.
 */
verdict: string, 
/**
 * What was asked, each with its answer.
 */
asked: Array<string>, 
/**
 * Terms that asked DNS until then.
 */
lookups: number, 
/**
 * The steps inside another domain's record.
 */
steps: Array<StepView>, };

export type CheckRow = { 
/**
 * A stable name.
 */
id: string, 
/**
 * `fail`, `warning`, `unknown`, `pass` or `not_applicable`.
 */
status: string, 
/**
 * `blocker`, `high`, `medium`, `low` or `info`.
 */
severity: string, 
/**
 * What it is about.
 */
subject: string, 
/**
 * The answer.
 */
summary: string, 
/**
 * What was asked, each with its answer.
 */
asked: Array<AskedView>, 
/**
 * What to do.
 */
remedy: RemedyView | null, 
/**
 * The walk behind it, where it is about SPF.
 */
walk: Array<StepView>, 
/**
 * Whether Apple's own page asks for it.
 */
by_apple: boolean, 
/**
 * Who asks for it.
 */
asked_by: Array<string>, };

export type Card = { 
/**
 * The word used on the command line.
 */
name: string, 
/**
 * `evidence` for a place where it lies, `trial` for something to try out.
 */
kind: string, 
/**
 * The place.
 */
title: string, 
/**
 * Who can get at it.
 */
who: string, 
/**
 * What to do, in order.
 */
steps: Array<string>, 
/**
 * Commands to copy.
 */
commands: Array<string>, 
/**
 * What to do with what comes of it.
 */
then: string, 
/**
 * The mail that asks whoever has access.
 */
mail: string, };

export type Choice = { 
/**
 * Of these findings, by their places; none is all.
 */
findings: Array<number>, 
/**
 * Of the findings that are blocks.
 */
block: boolean, 
/**
 * Of the messages that were tried since the first block.
 */
since: boolean, 
/**
 * `delivered`, `deferred`, `rejected`, or `failed`, which is either of the last two.
 */
outcome: string | null, 
/**
 * In the hour that begins then, in RFC 3339.
 */
hour: string | null, 
/**
 * Sent from this address, as far as the evidence shows it.
 */
ip: string | null, 
/**
 * Of one source, by its place.
 */
source: number | null, 
/**
 * Of one cell of what the block follows.
 */
cell: CellChoice | null, 
/**
 * Of somebody who sent before the first refusal.
 */
talker: TalkerChoice | null, 
/**
 * Other providers' in the same quarters of an hour; the sources are read again for them.
 */
control: boolean, 
/**
 * Lines that could not be understood; the sources are read again for them.
 */
not_understood: boolean, };

export type CellChoice = { 
/**
 * The sending address.
 */
ip: string | null, 
/**
 * The sender's domain.
 */
domain: string | null, 
/**
 * The word of the stream.
 */
stream: string, 
/**
 * Only what met the block.
 */
refused: boolean, };

export type TalkerChoice = { 
/**
 * `login`, `script`, `null_sender`, `sender` or `domain`.
 */
kind: string, 
/**
 * The name.
 */
name: string, 
/**
 * The week before the 72 hours, not the hours themselves.
 */
week: boolean, };

export type LinesView = { 
/**
 * How many lines there are in all.
 */
total: number, 
/**
 * Those on the page, in the order of time.
 */
rows: Array<RowView>, };

export type RowView = { 
/**
 * Its place, which leads to its line.
 */
attempt: number, 
/**
 * When, in RFC 3339.
 */
time: string | null, 
/**
 * The source's name.
 */
source: string, 
/**
 * The line; the first is 1.
 */
line: number, 
/**
 * How often a repetition says that the line stood there.
 */
times: number, 
/**
 * The sending server's id of the message.
 */
message: string, 
/**
 * The envelope sender.
 */
sender: string | null, 
/**
 * The recipient.
 */
recipient: string | null, 
/**
 * The remote host, with its address.
 */
remote: string, 
/**
 * `delivered`, `deferred` or `rejected`.
 */
outcome: string, 
/**
 * The reply, or the sending server's own words.
 */
said: string, };

export type LineView = { 
/**
 * The source's name.
 */
source: string, 
/**
 * The lines of the same message nearby, the line itself among them.
 */
lines: Array<NeighbourView>, 
/**
 * Other attempts of the same message.
 */
attempts: number, };

export type NeighbourView = { 
/**
 * The line's number.
 */
line: number, 
/**
 * The line, unchanged but for bytes that are no UTF-8.
 */
text: string, 
/**
 * Whether it is the line that was asked for.
 */
asked: boolean, };

export type FactsView = { 
/**
 * Whose mail it is.
 */
company: string, 
/**
 * The e-mail domain.
 */
domain: string, 
/**
 * The person who writes, as `NAME <ADDRESS>`.
 */
from: string, 
/**
 * Who gets a copy, separated by commas.
 */
cc: string, 
/**
 * Who runs the server, when it is not the company.
 */
operator: string, 
/**
 * By what right the operator writes.
 */
authority: string, 
/**
 * What kind of mail it is, and how much.
 */
mail_kind: string, 
/**
 * What caused the block.
 */
cause: string, 
/**
 * What was done about it, and when.
 */
fixed: string, 
/**
 * What was checked, and when.
 */
checked: string, 
/**
 * When it started, where the evidence begins later.
 */
started: string, 
/**
 * The writer's own reference.
 */
reference: string, 
/**
 * Whether the local parts of recipients are replaced.
 */
redact: boolean, 
/**
 * Which form the letter takes: `operator`, `pool` or `host`; empty where the evidence decides.
 */
form: string, 
/**
 * Who operates the pool of addresses that is shared with others.
 */
pool: string, 
/**
 * What else is to be said of the addresses.
 */
ip_note: string, 
/**
 * What explains the blockers that the check found.
 */
explained: string, 
/**
 * Why the letter goes out although something stands in the way.
 */
overrule: string, 
/**
 * When the letter that this one follows went out.
 */
follow_up: string, 
/**
 * The Message-ID of that letter.
 */
thread: string, 
/**
 * What goes along with the e-mail draft.
 */
attach: Array<DocumentKind>, 
/**
 * The language of the client's report.
 */
language: string, 
/**
 * The version of the report.
 */
version: string, 
/**
 * Who wrote the report.
 */
author: string, 
/**
 * Who approved it.
 */
approval: string, 
/**
 * When it was approved.
 */
approval_date: string, 
/**
 * When it is to be reviewed.
 */
review_date: string, 
/**
 * The name on top of it.
 */
brand: string, 
/**
 * The colour of its headings.
 */
colour: string, 
/**
 * A picture for its top, by its path.
 */
logo: string, 
/**
 * Where questions go, by telephone.
 */
phone: string, 
/**
 * Where questions go, by mail.
 */
mail: string, 
/**
 * Where questions go, by chat.
 */
chat: string, 
/**
 * What the sender states of what cannot be measured, by the questions' names.
 */
declared: { [key in string]: string }, 
/**
 * Who states it.
 */
declared_by: string, };

export type LetterView = { 
/**
 * Whom it is to.
 */
to: string, 
/**
 * The subject.
 */
subject: string, 
/**
 * The text.
 */
body: string, 
/**
 * The domain that all refused senders share, where none was given.
 */
seen_domain: string | null, 
/**
 * Whether it may be sent.
 */
ready: boolean, 
/**
 * Whether something stands in the way, and the user said why it goes out all the same.
 */
overruled: boolean, 
/**
 * The form it takes: `operator`, `pool` or `host`.
 */
form: string, 
/**
 * Letters and forms for the other doors of the case.
 */
letters: Array<DoorLetterView>, 
/**
 * Facts that are missing, lines to fill in, assumptions to confirm.
 */
missing: Array<MissingView>, 
/**
 * What a careful colleague would say.
 */
notes: Array<NoteView>, };

export type MissingView = { 
/**
 * The field it is about.
 */
field: string, 
/**
 * `fact`, `fill`, `confirm` or `obstacle`.
 */
kind: string, };

export type NoteView = { 
/**
 * A stable word.
 */
code: string, 
/**
 * The numbers in it.
 */
figures: Array<number>, };

export type DocumentKind = "eml" | "text" | "json" | "csv" | "note" | "markdown" | "handover" | "xlsx" | "pdf" | "bundle";

export type DoorLetterView = { 
/**
 * A short name, as in `spamhaus`.
 */
id: string, 
/**
 * What it is, in English.
 */
title: string, 
/**
 * An address, or the page of a form.
 */
to: string, 
/**
 * The whole of it.
 */
text: string, };

export type AccountView = { 
/**
 * `HOST` or `HOST:PORT`.
 */
server: string, 
/**
 * `starttls`, `tls` or `none`.
 */
security: string, 
/**
 * The login.
 */
user: string, 
/**
 * The password or the token; empty where the keyring has it.
 */
secret: string, 
/**
 * Whether the secret is an OAuth 2 token.
 */
token: boolean, 
/**
 * Whether the keyring is to keep the secret.
 */
remember: boolean, 
/**
 * A file of certificates that are trusted beside the system's.
 */
authority: string | null, };

export type Preview = { 
/**
 * Who writes.
 */
from: string, 
/**
 * Everybody who gets it.
 */
to: Array<string>, 
/**
 * The subject.
 */
subject: string, 
/**
 * The text.
 */
body: string, 
/**
 * The files that go along.
 */
attachments: Array<string>, 
/**
 * The Message-ID.
 */
message_id: string, 
/**
 * What the journal knows of this very draft, as in `sent` or `unknown`.
 */
before: string | null, };

export type Handover = { 
/**
 * `sent`, `filed`, `failed` or `unknown`.
 */
state: string, 
/**
 * The server's words, or what went wrong and what to do.
 */
said: string, };
