//! The commands.

use std::io::{self, IsTerminal};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use desk::{
    CheckQuery, Checked, Control, DocumentKind, DraftQuery, Error, Facts, Form, Investigation, Journal, Language, Progress, Query, Question, ReportFacts, Scan,
    Sender, SourceSummary,
};
use indicatif::{ProgressBar, ProgressStyle};

use crate::args::{CheckArgs, CheckOnly, Cli, Command, DnsArgs, DraftArgs, ExplainArgs, ProvidersCommand, ReadArgs, Redact, ScanArgs};
use crate::print;

/// Done, but nothing of the provider was found, or a required fact is missing.
const NOTHING_FOUND: u8 = 1;
/// Wrong usage.
const USAGE: u8 = 2;
/// A named path could not be opened.
const UNOPENED: u8 = 3;
/// Interrupted.
const INTERRUPTED: u8 = 130;

/// Runs a command.
pub fn run(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        Command::Scan(args) => scan(args),
        Command::Draft(args) => draft(*args),
        Command::Check(args) => check_sender(*args),
        Command::Explain(args) => explain(&args),
        Command::Providers(ProvidersCommand::Check { file }) => check(&file),
        Command::Howto { name, mail } => howto(name.as_deref(), mail),
        Command::Formats => Ok(print::out(&desk::formats()).map_or(0, |()| 0)),
        #[cfg(feature = "post")]
        Command::Send(args) => crate::hand::send(&args),
        #[cfg(feature = "post")]
        Command::File(args) => crate::hand::file(&args),
        #[cfg(feature = "post")]
        Command::Journal { sent: Some(draft), .. } => crate::hand::declare(&draft),
        Command::Journal { settle, json, .. } => journal(settle.as_deref(), json),
        Command::Schema { name } => desk::schema(&name).map(|schema| print::out(schema).map_or(0, |()| 0)),
    };
    ExitCode::from(outcome.unwrap_or_else(|error| {
        print::err(&format!("reprieve: {error}"));
        USAGE
    }))
}

fn scan(args: ScanArgs) -> Result<u8, Error> {
    let json = args.json || args.attempts;
    if json && args.redact == Redact::None {
        print::err("reprieve: recipients are not redacted; add --redact recipients before this leaves your hands");
    }
    let mut query = query(&args.read);
    query.message.clone_from(&args.message);
    if args.message.is_some() {
        query.provider = "all".to_owned();
    }
    let (mut scan, interrupted) = read(query)?;
    if args.resolve {
        let asked = scan.look_up(&CheckQuery { nameserver: args.nameserver.clone(), ..CheckQuery::default() })?;
        print::err(&format!("reprieve: DNS was asked for {asked} names of the server"));
    }
    let redactor = scan.redactor(args.redact == Redact::Recipients);
    let message = args.message.as_deref();
    let printed = match (json, message) {
        (true, None) if args.json => print::json(&scan.json(&redactor)),
        (true, _) => print::lines(scan.attempts(&redactor, message)),
        (false, Some(_)) => print::story(scan.attempts(&redactor, message)),
        (false, None) => print::out(&print::table(&scan.json(&redactor))),
    };
    if printed.is_err() {
        return Ok(0);
    }
    let found = match &args.message {
        Some(message) => scan.attempts(&redactor, Some(message)).next().is_some(),
        None => scan.diagnosis.totals.attempts > 0,
    };
    let code = code(&scan, interrupted, found);
    // The process ends: to take apart what was read would only take time.
    std::mem::forget(scan);
    Ok(code)
}

fn draft(args: DraftArgs) -> Result<u8, Error> {
    let mut facts = facts(&args)?;
    let mut query = query(&args.read);
    query.sending_ips = facts.ip.clone();
    let (scan, interrupted) = read(query)?;
    let checked = if args.no_check { None } else { check_draft(&args, &scan, &facts)? };
    facts.checked = facts.checked.or_else(|| checked.as_ref()?.line(&desk::today()));
    let language = Language::of(&args.lang).unwrap_or_default();
    let attach: Vec<DocumentKind> = args.attach.iter().filter_map(|word| DocumentKind::of(word)).collect();
    let wish = DraftQuery { facts: &facts, redact: args.redact == Redact::Recipients, language, checked: checked.as_ref(), attach: &attach };
    let draft = desk::draft(&scan, &wish)?;
    for (name, content) in &draft.files {
        desk::save(&args.out, name, content, args.force)?;
    }
    desk::note_overrule(&scan, &wish, &draft.letter)?;
    let _ = print::out(&print::readiness(&draft, &args.out));
    if cfg!(not(feature = "report")) {
        print::err("reprieve: this build makes no client's report (report.pdf)");
    }
    for check in checked.iter().flat_map(Checked::blockers) {
        let _ = print::out(&format!("check failed  {}: {} Mend it, or explain it in the letter.\n", check.id, check.summary));
    }
    Ok(code(&scan, interrupted, draft.readiness().has_facts()))
}

fn check_sender(args: CheckArgs) -> Result<u8, Error> {
    if let Some(CheckOnly::Spf { ip, domain, mail_from, helo, dns }) = args.only {
        let mail_from = if mail_from.is_empty() { domain.iter().map(|domain| format!("postmaster@{domain}")).collect() } else { mail_from };
        let answer = match ip {
            Some(ip) => desk::check_spf(&asking(&dns), ip, &mail_from, &helo)?,
            None => desk::audit_spf(&asking(&dns), &domain.unwrap_or_default())?,
        };
        let _ = if dns.json { print::json(&answer) } else { print::out(&desk::spf_text(&answer)) };
        return Ok(0);
    }
    let (mut sender, read) = sender(&args)?;
    if args.lists {
        sender.lists = desk::lists(&wanted(&args)?)?;
    }
    if sender.domain.is_empty() {
        let hint = "add --domain northwind.example, --message with a mail that was sent, or --log with the server's log";
        return Err(Error::new("check", "no domain is named", "--domain", hint));
    }
    let more = to_add(&args);
    let control = Control { present: args.control, absent: args.control_absent };
    let declared = desk::declarations(&Facts { declared: desk::answers(&args.declare, args.declared_by.as_deref())?, ..Facts::default() })?;
    let checked = desk::check(&CheckQuery { sender, control, declared, port: args.port, ..asking(&args.dns) })?;
    let _ = if args.dns.json { print::json(&checked.json()) } else { print::out(&checked.text()) };
    if checked.is_open() && !args.dns.json && !more.is_empty() {
        let _ = print::out(&format!("\nMore can be told with {}.\n", more.join(", ")));
    }
    Ok(read)
}

/// What was not given, and may mend or tell what is open.
fn to_add(args: &CheckArgs) -> Vec<&'static str> {
    let more = [
        (args.message.is_none(), "--message FILE (a mail that was sent)"),
        (args.log.is_empty(), "--log FILE (the server's log)"),
        (args.own.is_empty(), "--own ADDRESS (an address of your own that never changes)"),
        (args.bulk.is_none(), "--bulk yes|no (whether it is mail to many)"),
        (args.dns.nameserver.is_none(), "--nameserver ADDRESS"),
    ];
    more.into_iter().filter_map(|(is_open, option)| is_open.then_some(option)).collect()
}

/// Which blocklists may be asked.
fn wanted(args: &CheckArgs) -> Result<desk::Wanted, Error> {
    let key = args.spamhaus_key.as_deref().map(key_in).transpose()?;
    desk::Wanted::new(&key.unwrap_or_default(), args.list.clone())
}

/// The key that a file holds.
fn key_in(path: &Path) -> Result<String, Error> {
    let wrong = |what: String| Error::new("lists", what, path.display(), "name a file that holds the key alone");
    let key = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    if key.trim().is_empty() { Err(wrong("the file is empty".to_owned())) } else { Ok(key) }
}

/// The sender: what the options say, else what a mail that was sent shows, else what the log shows; and how reading ended.
fn sender(args: &CheckArgs) -> Result<(Sender, u8), Error> {
    let own = Sender {
        domain: args.domain.clone().unwrap_or_default(),
        ips: args.ip.iter().chain(args.own.iter().filter(|ip| !args.ip.contains(ip))).copied().collect(),
        own: args.own.clone(),
        helo: args.helo.clone(),
        mail_from: args.mail_from.clone(),
        selectors: args.selector.clone(),
        bulk: args.bulk.as_deref().map(|word| word == "yes"),
        ..Sender::default()
    };
    let mail = match &args.message {
        Some(path) => desk::of_file(path)?,
        None => Sender::default(),
    };
    let said = desk::with_own(own, mail);
    if args.log.is_empty() {
        let (knowledge, _) = desk::knowledge(None)?;
        return Ok((Sender { services: desk::services(&knowledge, &said.ips), ..said }, 0));
    }
    let query = Query { paths: args.log.clone(), provider: "icloud".to_owned(), tz: args.tz.clone(), sending_ips: said.ips.clone(), ..Query::default() };
    let (scan, interrupted) = read(query)?;
    let facts = Facts { ip: said.ips.clone(), domain: Some(said.domain.clone()).filter(|domain| !domain.is_empty()), ..Facts::default() };
    Ok((desk::with_own(said, scan.sender(&facts)), code(&scan, interrupted, true)))
}

fn asking(dns: &DnsArgs) -> CheckQuery {
    CheckQuery { nameserver: dns.nameserver.clone(), timeout: Some(Duration::from_secs_f64(dns.timeout.clamp(0.05, 60.0))), ..CheckQuery::default() }
}

/// The check of the sender that a draft is for; nothing where DNS could not be asked.
fn check_draft(args: &DraftArgs, scan: &Scan, facts: &Facts) -> Result<Option<Checked>, Error> {
    let found = scan.sender(facts);
    if found.domain.is_empty() {
        print::err("reprieve: no domain is known, so nothing was checked; add --domain");
        return Ok(None);
    }
    let selectors = if args.selector.is_empty() { found.selectors } else { args.selector.clone() };
    let helo = if args.helo.is_empty() { found.helo } else { args.helo.clone() };
    let sender = Sender { helo, selectors, own: args.own.clone(), ..found };
    let control = Control { present: args.control.clone(), ..Control::default() };
    let timeout = Some(Duration::from_secs_f64(args.timeout.clamp(0.05, 60.0)));
    let checked = desk::check(&CheckQuery { sender, control, nameserver: args.nameserver.clone(), timeout, declared: desk::declarations(facts)?, port: None })?;
    if checked.is_unasked() {
        print::err("reprieve: DNS could not be asked, so nothing was checked; say what you checked with --checked, or name a server with --nameserver");
        return Ok(None);
    }
    Ok(Some(checked))
}

fn journal(settle: Option<&str>, json: bool) -> Result<u8, Error> {
    let mut journal = Journal::open()?;
    if let Some(name) = settle {
        let settled = journal.settle(name)?;
        let _ = print::out(&format!("{settled} letters are settled\n"));
        return Ok(if settled > 0 { 0 } else { NOTHING_FOUND });
    }
    let _ = if json { print::lines(journal.lines()) } else { print::out(&journal.text()) };
    Ok(if journal.entries.is_empty() { NOTHING_FOUND } else { 0 })
}

fn howto(name: Option<&str>, mail: bool) -> Result<u8, Error> {
    let text = match name {
        Some(name) => desk::card(name).map(|card| if mail { card.mail } else { card.text() })?,
        None => desk::cards()?.iter().map(|card| format!("{:<14} {}\n", card.name, card.title)).collect(),
    };
    Ok(print::out(&text).map_or(0, |()| 0))
}

fn explain(args: &ExplainArgs) -> Result<u8, Error> {
    let (knowledge, problems) = desk::knowledge(args.rules.as_deref())?;
    problems.iter().for_each(|problem| print::err(&format!("reprieve: {problem}")));
    let question = Question { host: args.host.clone(), ip: args.ip, recipient: args.recipient.clone(), reply: args.reply.join(" ") };
    let answer = desk::explain(&knowledge, &question);
    let _ = if args.json { print::json(&answer) } else { print::out(&desk::explain_text(&answer)) };
    Ok(if answer.get("rule").is_none_or(serde_json::Value::is_null) { NOTHING_FOUND } else { 0 })
}

fn check(files: &[std::path::PathBuf]) -> Result<u8, Error> {
    let complaints = desk::check_rules(files)?;
    complaints.iter().for_each(|complaint| print::err(&format!("reprieve: {complaint}")));
    if complaints.is_empty() {
        let _ = print::out("every rule matches its samples and no other; sources and dates are there\n");
    }
    Ok(if complaints.is_empty() { 0 } else { NOTHING_FOUND })
}

fn query(read: &ReadArgs) -> Query {
    Query {
        paths: read.path.clone(),
        texts: Vec::new(),
        patient: false,
        provider: read.provider.clone(),
        tz: read.tz.clone(),
        until_year: read.until_year,
        since: read.since.clone(),
        until: read.until.clone(),
        threads: read.threads,
        part: read.part,
        rules: read.rules.clone(),
        sending_ips: Vec::new(),
        outage_confirmed: read.outage,
        format: read.format.clone(),
        message: None,
    }
}

fn facts(args: &DraftArgs) -> Result<Facts, Error> {
    let own = Facts {
        company: args.company.clone(),
        domain: args.domain.clone(),
        ip: args.ip.clone(),
        ip_note: args.ip_note.clone(),
        from: args.from.clone(),
        cc: args.cc.clone(),
        operator: args.operator.clone(),
        authority: args.authority.clone(),
        mail_kind: args.mail_kind.clone(),
        cause: args.cause.clone(),
        fixed: args.fixed.clone(),
        checked: args.checked.clone(),
        declared: desk::answers(&args.declare, args.declared_by.as_deref())?,
        started: args.started.clone(),
        reference: args.reference.clone(),
        form: args.form.as_deref().and_then(Form::of),
        pool: args.pool.clone(),
        explained: args.explained.clone(),
        overrule: args.overrule.clone(),
        follow_up: args.follow_up.clone(),
        thread: args.thread.clone(),
        report: ReportFacts::default(),
    };
    if let Some(time) = own.follow_up.as_deref().filter(|time| desk::moment_of(time).is_none()) {
        return Err(Error::new("time", format!("`{time}` is no time"), "--follow-up", "write 2026-10-05 or 2026-10-05T10:00:00Z"));
    }
    let Some(path) = &args.client else { return Ok(own) };
    let text = std::fs::read_to_string(path).map_err(|error| Error::new("client", error, path.display(), "name a file in TOML"))?;
    Facts::from_toml(&text).map(|file| own.or(file)).map_err(|error| Error::new("client", error, path.display(), ""))
}

/// Reads with progress on a terminal; Ctrl-C stops it and keeps what was read.
fn read(query: Query) -> Result<(Scan, bool), Error> {
    let investigation = Investigation::new(query)?;
    investigation.rule_problems.iter().for_each(|problem| print::err(&format!("reprieve: {problem}")));
    let progress = Arc::new(Progress::default());
    let interrupt = Arc::clone(&progress);
    // Without a handler Ctrl-C ends the program at once, which is the next best thing.
    let _ = ctrl_c(interrupt);
    let scan = std::thread::scope(|scope| {
        let reader = scope.spawn(|| investigation.run(&progress));
        if io::stderr().is_terminal() {
            show(&progress, || reader.is_finished());
        }
        reader.join()
    });
    let scan = scan.map_err(|_| Error::new("internal", "reading failed; this is a fault of Reprieve", "", "please report it"))?;
    if scan.ledger.sources.is_empty() && scan.unopened.is_empty() {
        print::err("reprieve: no file was found there; name the folder that holds the logs, as in /var/log");
    }
    for unopened in &scan.unopened {
        print::err(&format!("reprieve: {}: {}; the rest was read", unopened.path.display(), unopened.error));
    }
    for source in &scan.ledger.sources {
        for problem in &source.problems {
            let place = problem.line.map(|line| format!(" line {line}")).unwrap_or_default();
            let times = if problem.times > 1 { format!(" ({} times)", problem.times) } else { String::new() };
            print::err(&format!("reprieve: {}{place}: {}{times}; {}", source.name, problem.what, problem.hint));
        }
    }
    Ok((scan, progress.is_cancelled()))
}

/// The first Ctrl-C asks the readers to stop, the second ends the program.
fn ctrl_c(progress: Arc<Progress>) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(move || {
        if progress.is_cancelled() {
            std::process::exit(i32::from(INTERRUPTED));
        }
        progress.cancel();
    })
}

fn show(progress: &Progress, done: impl Fn() -> bool) {
    let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}").unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(0).with_style(style);
    while !done() {
        bar.set_length(progress.total());
        bar.set_position(progress.bytes());
        std::thread::sleep(Duration::from_millis(50));
    }
    bar.finish_and_clear();
}

fn code(scan: &Scan, interrupted: bool, found: bool) -> u8 {
    let unread = |source: &SourceSummary| source.problems.iter().any(|problem| problem.code == "unreadable" && source.bytes == 0);
    match () {
        () if interrupted => INTERRUPTED,
        () if !scan.unopened.is_empty() || scan.ledger.sources.iter().any(unread) => UNOPENED,
        () if !found => NOTHING_FOUND,
        () => 0,
    }
}
