# What the window says. Texts of rules (meaning, advice, sources) are knowledge and stay English.

-app = Reprieve

# The bar
add-files = Add files
add-folder = Add folder
paste-text = Paste text
remove-source = Remove { $name }
language = Language
theme = Appearance
theme-system = As the system
theme-light = Light
theme-dark = Dark

# Before anything was read
empty-title = Drop your mail log here
empty-lead = Files, folders, rotated logs and archives, as they are. Or paste the lines.
empty-privacy = Nothing leaves this computer unless you ask for it.
empty-where = Where is the log?
empty-where-files = On the mail server, as root: /var/log/mail.log and its rotated files, also as .gz
empty-where-journal = Without a file: journalctl -u 'postfix*' -o json > mail.json
empty-where-back = Take the log from a week before the first refusal, so that the start can be shown.
copy-request = Copy a mail that asks for it
drop-here = Let go to read

# Reading
reading = Reading
reading-rate = { $done } of { $total } · { $rate } a second · { $left } left
reading-begun = { $done } of { $total }
stop = Stop
stopped = Stopped: what was read until then is shown.
read-in = { $lines } lines in { $seconds } s
paste-title = Paste log lines
paste-label = Log lines
paste-read = Read them
cancel = Cancel
close = Close
pasted = Pasted text { $number }

# Verdict
verdict = Verdict
verdict-provider = { $who } itself refuses your mail, and only { $who } can lift it.
verdict-list_owner = { $who } lists your address, and iCloud applies its list. Ask { $who }, not Apple.
verdict-sender = The refusals name a fault on the sending side. Mend it before anybody is asked.
verdict-recipient = The refusals concern single recipients. Nothing is blocked.
verdict-relay = A server in between refuses or garbles the mail. Its operator has to act.
verdict-developer_programme = The mail goes to Hide My Email addresses. The sender must be registered with Apple's developer programme.
verdict-outage = Everything was refused for some hours and then accepted again: an outage at iCloud, not a block.
verdict-forwarding = Most of what was refused had been passed on for others. The forwarding has to change before a letter helps.
verdict-wait = iCloud puts mail off for now. It passes by itself if you send more slowly.
verdict-unknown = iCloud refuses mail with a reply that no rule knows.
verdict-nothing = No mail to iCloud was found in these sources.
verdict-foreign = These bounces are of mail that never passed your servers: somebody forges your addresses.
verdict-clear = iCloud refused nothing in these sources.
next = Next step
next-provider = Fill in the facts below and send the letter to { $contact }.
next-list_owner = Look the address up and ask for removal: { $contact }
next-sender = Open the finding below and do what it advises.
next-recipient = Correct or remove the addresses; no letter is needed.
next-relay = Send the lines to whoever runs the server in between.
next-developer_programme = Register the domain and the return path: { $contact }
next-outage = Send what was refused again. No letter is needed.
next-forwarding = Filter before forwarding, rewrite the sender (SRS), or let people fetch their mail.
next-wait = Keep the queue's own schedule. Write only if it lasts more than a day.
next-unknown = Quote the reply as it is and ask Apple. Do not guess what it means.
next-nothing = Add the log of the server that sends to the internet, or an older one.
next-foreign = Write no letter. Publish SPF, DKIM and DMARC, so that forgeries are refused as such.
next-clear = If mail is still missing, look for it in the recipient's Junk folder.
door = Whose door
door-provider = the receiver
door-list_owner = a list's owner
door-sender = the sender
door-recipient = the recipient
door-relay = a relay's operator
door-developer_programme = Apple's developer programme
door-outage = nobody: an outage
door-wait = nobody: it passes
door-unknown = not known
door-none = nobody
sure = How sure
confidence-high = sure
confidence-medium = fairly sure
confidence-low = inferred: not documented by the receiver
basis-of-follows = What it follows
follows-ip = The block follows the sending address.
follows-domain = The block follows the sender's domain.
follows-stream = The block follows one kind of mail.
follows-message = Single messages are refused, not everything.
follows-undecided = One address or one domain alone cannot tell whether the block follows the address or the domain.
why-no_block = There is no block.
why-split = Refused: { $red }. The others are not.
why-named = The replies name the address.
why-every_domain = Every sender domain is refused alike.
why-scattered = The refusals are scattered over senders.
why-alone = The evidence holds one address or one domain only.
matrix-lead = Refused of tried, since the first refusal. Each cell opens its lines.
column-sender = Sender
cell = { $refused } of { $tried }
sender-null = no sender
sender-unknown = sender not logged
ip-unknown = address not logged
stream-person = people
stream-script = programs
stream-list = lists
stream-forwarded = passed on
stream-null_sender = no sender
stream-mail = mail
conduct = Before the first refusal
conduct-lead = { $messages } messages to { $recipients } recipients at iCloud in the { $hours } hours before it, { $unknown } to nobody.
conduct-week = In the { $weekhours } hours before those: { $week } messages.
column-hours-before = 72 hours before
column-week-before = week before
talker-login = login
talker-script = program user
talker-null_sender = bounces, vacation replies
talker-sender = sender
talker-domain = domain
talker-suspect = stands out
figure-refused = messages refused since the start
figure-tried = tried
figure-delivered = attempts accepted
figure-deferred = attempts put off
figure-rejected = attempts refused

# Doors, and what the evidence proves
doors = The doors of this case, by share of messages
before = Before you write
remark-suspect_login = The login { $name } stands out: { $a } of { $b } messages to iCloud in the 72 hours before the first refusal, { $c } in the week before, { $d } of them to nobody. Look at it first: was the password stolen, or is it a mailing?
remark-suspect_script = The program user { $name } stands out: { $a } of { $b } messages to iCloud in the 72 hours before the first refusal, { $c } in the week before, { $d } of them to nobody. Look for an abused web form or script.
remark-suspect_null_sender = Mail without a sender stands out: { $a } of { $b } messages to iCloud in the 72 hours before the first refusal, { $c } in the week before. Look for bounces to forged addresses and for vacation replies.
remark-suspect_sender = The sender { $name } stands out: { $a } of { $b } messages to iCloud in the 72 hours before the first refusal, { $c } in the week before, { $d } of them to nobody. Look at it first: was an account stolen, or is it a mailing?
remark-unknown_users = { $a } of { $b } messages in the 72 hours before the first refusal went to recipients that do not exist. Remove those addresses, and look where they come from.
remark-forwarding = { $a } of { $b } refused messages had been passed on for others. Filter before forwarding, rewrite the sender (SRS), or let people fetch their mail.
remark-own_spam = Such replies are usually the trace of spam that left the address. Find its source and stop it, or write what you checked and did not find.
remark-first_list_owner = { $a } messages were refused because { $name } lists the address. Ask there first: { $contact }
remark-first_sender = { $a } messages name a fault of the sending side. Mend it first; the finding says how.
remark-relays = { $a } of { $b } attempts went through { $name }, not to iCloud itself. That server's address is judged, and its operator has to act.
remark-control = In the same quarters of an hour, { $a } of { $b } attempts at other receivers were accepted; { $percent } % were refused.
remark-alike = From one address a block and an outage look alike. Check Apple's System Status page; if mail is still refused after 6 hours, write.
remark-short = The evidence begins { $a } hours before the first refusal. Ten days would show whether somebody's mail jumped before it.
remark-junk = Everything was accepted. If a recipient misses mail, it may lie in Junk: ask them to mark it as not junk. No letter helps there.
remark-foreign = { $a } bounces are of mail that never passed your servers.

# Findings
findings = Findings
findings-lead = Each row is one kind of reply.
findings-none = No refusal was found.
column-reply = Reply
column-messages = Messages
column-attempts = Attempts
column-first = First
column-last = Newest
details = Details of { $reply }
no-rule = No rule knows this reply. Quote it as it is.
advice = What to do
known-from = Known from
copy-reply = Copy the reply
show-lines = { $count ->
    [one] Show { $count } line
   *[other] Show { $count } lines
}

# Timeline
timeline = Timeline
timeline-lead = Attempts by hour, in UTC. Other receivers in the same hours stand faint behind.
timeline-none = The stamps could not be read, so there is no timeline.
timeline-summary = From { $from } to { $to }: { $delivered } accepted, { $deferred } put off, { $rejected } refused.
timeline-started = first refused
legend-rejected = refused
legend-deferred = put off
legend-delivered = accepted
legend-control = other receivers, accepted
timeline-table = The same as a table
column-hour = Hour (UTC)
column-control = Others accepted
column-control-failed = Others failed

# Sending addresses
sending = Sending addresses
sending-lead = The addresses that Apple must look up. Only your own and public ones belong in the letter.
sending-none = The log does not name the sending address. Add the public address of your mail server.
sending-add = Add an address
sending-add-button = Add
sending-remove = Remove { $ip }
sending-bad = This is no IP address.
sending-attempts = { $count ->
    [one] { $count } attempt
   *[other] { $count } attempts
}
basis-given = given by you
basis-field = logged by the sending server
basis-provider_reply = named in the receiver's replies
basis-instance_name = named by the sending instance
sending-confirm = It is ours

# Assumptions
assumptions = Assumptions
assumptions-lead = What the log does not say. A correction counts at once; nothing is read again.
assumption-tz = Time zone of the stamps
assumption-year = Year of the newest stamp
assumption-stated = stated in the log
assumption-assumed = assumed
assumption-given = confirmed by you
assumption-confirm = That is right
assumption-bad-tz = This is no time zone. Write it as Europe/Stockholm.
assumption-outage = Apple's System Status page shows an incident at that time

# The authentication check
check = Is the sender's own house in order?
check-lead = SPF, DKIM keys, DMARC and names, as a receiver sees them. This asks your name server; nothing else leaves this computer.
check-now = Check now
checking = Asking …
checked-at = { $domain }, asked of { $servers }
check-clean = Nothing is wrong that can be asked of DNS.
check-remedy = What to do:
check-asked-by = asked for by { $who }
check-all = { $count } in order
check-use = Use in the letter
check-again = Ask again
check-walk = The walk through the SPF records
check-mail = Add a mail that was sent …
check-mail-why = A sent mail, saved with its source, shows whether its DKIM signatures verify.
check-lookups = { $count } of 10 look-ups
check-ttl = may be kept { $seconds } s
severity-blocker = mail is refused for it
severity-high = matters much
severity-medium = matters
severity-low = matters little
severity-info = good to know
check-apple = Apple asks for it
remedy-replaces = Instead of
remedy-zone = In a zone file
remedy-form = In a web form: name, type, value
remedy-breaks = What may break:
remedy-verify = Afterwards:
check-own = The sending addresses are our own and static.
check-own-why = Only then are they written into a record.
advice-while = Until the answer comes, and afterwards
meanwhile = Until it is solved
meanwhile-resend = Do not send again what was refused with 5xx.
meanwhile-flush = Do not flush the queue: what was put off (4xx) is tried again on schedule.
meanwhile-change = Change neither address nor PTR, EHLO or domain while the case is open, unless a check above failed.
meanwhile-bulk = Pause newsletters and other mail to many.
meanwhile-urgent = Send urgent mail by a service that may send for the domain (SPF, DKIM) and that the recipients agreed to; or use the telephone.
afterwards = When mail flows again
afterwards-few = It is over when at least 20 messages of the kind that was refused were accepted within 24 hours. Fewer are too few to say: a paused queue shows no refusals either.
afterwards-suppressed = Take up again only recipients that were stopped by this block alone, and that had accepted mail (250) within the 90 days before.
afterwards-never = Never those that unsubscribed, complained, or do not exist (5.1.1).
afterwards-steps = In steps of a tenth; look at the log after each.
trials = To be tried out
statements = What only the sender can say
declared-lead = No log shows it. What is answered goes into the report, and for mail to many in one line into the letter, as stated by the sender.
declared-bulk = asked of those who send to many
declared-by = Who states it
status-fail = wrong
status-warning = could be better
status-unknown = could not ask
status-pass = in order
status-not_applicable = does not apply

# Facts
facts = Facts for the letter
facts-lead = What only you know. Apple acts on a named cause that has ended.
field-company = Company
field-company-hint = Whose mail it is
field-domain = E-mail domain
field-from = From
field-from-hint = Name <address> of a person who reads replies
field-cc = Copy to
field-cc-hint = Addresses, separated by commas
field-operator = Operator
field-operator-hint = Who runs the mail server, if not the company
field-authority = Authority
field-authority-hint = For example: write with its authority
field-mail_kind = Kind of mail
field-mail_kind-hint = What is sent, how much a day, any newsletters
field-cause = Cause
field-cause-hint = What caused it, or what you checked and did not find
field-fixed = Fixed
field-fixed-hint = What was stopped or changed, and when
field-checked = Checked
field-checked-hint = SPF, DKIM, DMARC, PTR, lists: what was checked, and when
field-started = Started
field-started-hint = Only if it began before the log does
field-reference = Your reference
field-bad-address = This is no address yet: write Name <address>.

# Letter
letter = Letter
letter-ready = Complete. Read it once more, then send it.
letter-not-ready = Not ready yet
letter-to = To
letter-subject = Subject
letter-body = Text
copy-to = Copy To
copy-subject = Copy Subject
copy-body = Copy text
copied = Copied
copy-failed = The clipboard refused. Mark the text and copy it by hand.
letter-redact = Replace the local parts of recipients
missing = What is still missing
missing-fact = { $field } is one of Apple's five points
missing-fill = { $field } is empty in the letter
missing-confirm = { $field } was assumed: please confirm
missing-errors = A refusal that is Apple's to lift. There is none in these sources.
topic-ip = Sending address
topic-tz = Time zone
topic-until_year = Year
topic-started = The start
notes = Before you send
note-long = The letter has { $lines } lines and { $characters } characters. Keep it under 45 and 3,500.
note-from = Write from a named address at the operator's or sender's own domain.
note-other_door = { $count ->
    [one] { $count } refusal belongs at another door and is not quoted.
   *[other] { $count } refusals belong at another door and are not quoted.
}
note-not_public = An address that is not public was left out.
save = Save
save-eml = E-mail draft (.eml)
save-text = Text
save-json = Evidence (JSON)
save-csv = Attempts (CSV)
saved = Saved: { $path }

# Lines
lines-title = Lines
lines-count = { $count ->
    [one] { $count } line
   *[other] { $count } lines
}
lines-none = No line of the log stands behind this number.
lines-again = Reading the sources again …
lines-more = Show more
column-time = Time (UTC)
column-line = Line
column-from-to = From, to
column-said = Answer
line-open = Open line { $line } of { $source }
line-neighbours = The same message nearby, as the log holds it
line-attempts = { $count ->
    [one] { $count } attempt of this message
   *[other] { $count } attempts of this message
}
copy-lines = Copy as quoted
back = Back to the list

# Sources and problems
sources = Sources
source-summary = { $lines } lines, { $attempts } attempts
source-not-understood = { $count } lines not understood
problem-empty = It is empty. Check that it is the right file, and that logging is on.
problem-no_mail_log = No line of a known mail log. Take /var/log/mail.log, or journalctl -o json.
problem-not_understood = { $times } lines could not be read, the first is line { $line }: { $what }
problem-unopened = It could not be opened: { $what }
problem-unreadable = It could not be read to its end: { $what } What came before was read.
problem-internal = Reading it failed: a fault of Reprieve. The rest was read.
problem-archive = It could not be read: { $what }. Unpack it yourself, and drop what it holds.
problem-copy = Another source holds the same ({ $what }): counted once.
problem-aside_auto_reply = { $times } automatic replies, no bounces.
problem-aside_abuse_report = { $times } reports of abuse by recipients, no bounces. Look at what was reported: complaints lead to blocks.
problem-aside_delay = { $times } messages that are only late. Take the bounce that comes when the server gives up, or its log.
problem-aside_success = { $times } messages that were delivered or passed on.
problem-aside_foreign = { $times } bounces of mail that never passed your servers: somebody forges your addresses.
problem-aside_by_provider = { $times } bounces by Apple itself about somebody else's server.
problem-aside_again = { $times } bounces that another source holds already: counted once.
problem-aside_logged = { $times } bounces of attempts that a log holds already: counted once.
problem-aside_no_bounce = { $times } ordinary mails, no bounces. Take the mail that says it could not be delivered, as .eml.

# Errors
error-nothing_read = Nothing has been read yet. Drop a log first.
error-zone = This is no time zone. Write it as Europe/Stockholm.
error-draft = The draft could not be built. Check the addresses.
error-lines = The line could not be fetched again. Put the file back where it was, or read it again.
error-write = The file could not be written. Choose another folder.
error-other = Something went wrong: { $text }

# Forms of the letter, what stands in the way, other doors
letter-redact-lifted = Recipients stand in clear in what you save or send now. Put the redaction back on unless they agreed.
letter-overruled = Goes out all the same, as you say below.
letter-form-operator = Form: the operator of the address
letter-form-pool = Form: a sender on a shared pool of addresses
letter-form-host = Form: a host of many domains, or a forwarder
obstacle-outage = The refusals look like trouble at Apple that passes. Wait, and drop newer logs.
obstacle-old = The newest quoted reply is older than a day. Drop today's log.
obstacle-blockers = The check found something that has mail refused. Mend it, or explain it.
obstacle-pool = Say who operates the shared addresses.
obstacle-open = A letter about this address went out and is not settled. Write a follow-up instead.
obstacle-patience = Less than three days have passed since the last letter. Wait.
obstacle-nothing_new = Nothing was refused since the last letter. There is nothing to write.
note-clear = Recipients stand in clear.
note-domains = { $count } sender domains were refused. Name the one it is about, or write as their host.
note-intake = The address looks like a ticket intake. Let a person write, and let replies from apple.com through your filter.
note-both = Let the client know with a copy, so that not both of you write.
note-untimed = { $count } quoted replies have no time. The receiver can hardly find them.
note-story = An answer has { $count } characters. What happened and when is enough.
note-wish = No allow list, no urgency, no threats: there is no such list, and it makes readers stop.
note-others = Leave other receivers out of it.
note-attachment = Nothing is attached, and pictures are not read. Put the facts into the text.
note-unfixed = Mend it first and write afterwards: what will be done is no fix.
more-facts = More for the letter
field-form = Form of the letter
field-form-auto = As the evidence says
field-form-operator = Operator of the address
field-form-pool = Sender on a shared pool
field-form-host = Host of many domains, or forwarder
field-pool = Operator of the shared addresses
field-ip_note = About the addresses
field-ip_note-hint = For example: dedicated to this domain since 2023-05
field-explained = Why a check may fail
field-explained-hint = What explains the blockers that the check found
field-follow_up = Follow-up to the letter of
field-follow_up-hint = 2026-10-05, or 2026-10-05T10:00:00Z; only what is new is written
field-thread = Its Message-ID
field-overrule = Send it all the same, because
field-overrule-hint = Goes into the journal, not into the letter
report-facts = The client's report
field-language = Language of the report
field-brand = Name on top
field-brand-hint = Your company's name
field-colour = Colour
field-colour-hint = For example #1d4f6e
field-logo = Logo
field-logo-hint = A PNG, JPEG or SVG file, by its path
field-author = Author
field-version = Version
field-approval = Approved by
field-approval_date = Approved on
field-approval_date-hint = For example 05-OCT-2026
field-review_date = Review on
field-phone = Phone
field-mail = E-mail for questions
field-chat = Chat
doors-title = Letters for other doors
doors-lead = What these ask for, ready to paste. Each goes to somebody else than Apple.
copy-door = Copy
save-pdf = Client's report (PDF)
save-xlsx = Attempts (XLSX)
save-bundle = Evidence bundle (ZIP)
save-note = Case note
save-markdown = Case note (Markdown)
save-handover = Hand-over for the client
open-pdf = Open the report
open-mail = Open in the mail program
opened-link = The mail program opens with the letter in it.
opened-draft = The letter is too long for a link. The draft opens instead.
send-open = Send, or put into Drafts …
send-title = This goes out
send-lead = Exactly this, and nothing else. Nothing leaves before you press a button below.
send-to = To
send-known-sent = This very draft was sent already.
send-known-unknown = Nobody knows whether this very draft went out. Look for its Message-ID in the server's log or the Sent folder first.
send-again = Send it again all the same
send-message_id = Message-ID
account = Account
account-server = Server
account-server-hint = HOST or HOST:PORT, for sending (SMTP) or for Drafts (IMAP)
account-security = Protection
account-user = Login
account-secret = Password or token
account-secret-hint = Empty: the system's keyring is asked
account-token = It is an OAuth 2 token
account-remember = Keep it in the system's keyring
send-now = Send
send-declare = Sent by other means
declared = Written down: a letter about these addresses is open.
send-file = Put into Drafts
handing = Handing over …
handed-sent = Sent. The server says: { $said }
handed-filed = The draft lies in { $said }.
handed-failed = It did not go out: { $said }
handed-unknown = Unknown: { $said }
error-unsendable = The letter cannot be sent yet: { $text }
error-sent_before = { $text }
error-account = { $text }
error-imap = { $text }
error-journal = { $text }
error-open = { $text }
error-report = { $text }
error-logo = { $text }
error-colour = { $text }
candidates = Candidates
candidate-other_reply = named by { $by } in { $times } refusals of the same domain
candidate-configuration = named by a configuration: { $by }
candidate-received = a bounce came from it
candidate-name = DNS gives it for { $by }
look-up = Look the server’s names up in DNS
look-up-why = Asks your name server for the addresses of the names in the log. They are candidates: mail need not leave from them.
sending-pool = of { $pool }: shared with others, not your own
sending-ask = Send one mail to a mailbox elsewhere: the top Received line shows the address that leaves. Is there one way out, or several?
sending-relay = The configuration hands mail to { $hosts }: then it is that server's address.
problem-aside_configuration = A configuration. The addresses in it are candidates; nothing else of it is kept.
problem-aside_dmarc_report = A DMARC report. The selectors in it are checked; nothing else of it is kept.
problem-aside_bare_queue = { $times } messages lie in a queue that does not say why. Take the log, or exim -Mvl of one message.
remark-hole = Between { $name } and { $contact } UTC ({ $a } hours) the sources hold nothing. Add the rotated log that is missing: it may hold the first refusal.
remark-apart = { $name } is { $a } minutes ahead of { $contact } for the same mail. A clock or a zone is wrong: correct the zone, or say in the letter whose time it is.
problem-overlap = { $times } of its attempts stand in another source too. They are counted once.
attach = Attach to the draft (Apple reads no attachments)
