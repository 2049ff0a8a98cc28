//! What the page may ask. Every command is a line or two to `desk`.

use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::Duration;

use desk::{
    Assumptions, Blocklist, Card, CaseView, CheckQuery, CheckView, Choice, Declaration, FactsView, Glimpse, Investigation, LetterView, LineView, LinesView,
    Progress, Query, Scan,
};
use serde::{Deserialize, Serialize};
use tauri::State;
use tauri::ipc::Channel;

use crate::error::{Answer, nothing_read};
use crate::state::Table;

/// What a job tells while it reads.
#[derive(Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum News {
    /// How far it is.
    Progress {
        /// Bytes read from disk.
        bytes: u64,
        /// Bytes there are.
        total: u64,
    },
    /// What was found so far.
    Glimpse {
        /// The case.
        view: Box<CaseView>,
    },
    /// It has ended.
    Done {
        /// The case.
        view: Box<CaseView>,
        /// Whether it was asked to stop.
        cancelled: bool,
        /// How long it took, in seconds.
        seconds: f64,
        /// What was wrong with the user's own rules.
        rules: Vec<String>,
    },
}

/// What to read.
#[derive(Deserialize)]
pub struct Sources {
    paths: Vec<PathBuf>,
    texts: Vec<(String, String)>,
}

/// What is assumed; an address that is none is left out, the page marks it.
#[derive(Deserialize)]
pub struct Assumed {
    tz: Option<String>,
    year: Option<i32>,
    ips: Vec<String>,
    outage: bool,
}

impl From<Assumed> for Assumptions {
    fn from(assumed: Assumed) -> Assumptions {
        let sending_ips = assumed.ips.iter().filter_map(|ip| ip.trim().parse().ok()).collect();
        Assumptions { tz: assumed.tz.filter(|tz| !tz.is_empty()), until_year: assumed.year, sending_ips, outage_confirmed: assumed.outage }
    }
}

/// The files named on the command line.
#[tauri::command]
pub fn opened_with() -> Vec<PathBuf> {
    std::env::args_os().skip(1).map(PathBuf::from).filter(|path| !path.to_string_lossy().starts_with('-')).collect()
}

/// Reads sources, and tells how it goes. The last news is `Done`; the answer says whether there was one, or whether a
/// newer job took this one's place.
#[tauri::command]
pub async fn read(job: u32, sources: Sources, assumed: Assumed, news: Channel<News>, table: State<'_, Table>) -> Answer<bool> {
    let assumptions = Assumptions::from(assumed);
    let query = Query {
        paths: sources.paths,
        texts: sources.texts,
        provider: "icloud".to_owned(),
        tz: assumptions.tz,
        until_year: assumptions.until_year,
        sending_ips: assumptions.sending_ips,
        outage_confirmed: assumptions.outage_confirmed,
        threads: Some(threads()),
        patient: true,
        ..Query::default()
    };
    let investigation = Investigation::new(query)?;
    let rules = investigation.rule_problems.iter().map(ToString::to_string).collect();
    let progress = table.begin(job);
    let (reader, channel) = (Arc::clone(&progress), news.clone());
    let scan = tauri::async_runtime::spawn_blocking(move || watched(investigation, &reader, &channel)).await?;
    if table.end(job) {
        return Ok(false);
    }
    let view = Box::new(scan.view());
    let seconds = scan.seconds;
    *table.scan() = Some(scan);
    *table.checked() = None;
    // A page that is gone wants no news.
    let _ = news.send(News::Done { view, cancelled: progress.is_cancelled(), seconds, rules });
    Ok(true)
}

/// Reads, and tells meanwhile how far it is and what was found.
fn watched(investigation: Investigation, progress: &Progress, news: &Channel<News>) -> Scan {
    std::thread::scope(|scope| {
        let (reading, ended) = mpsc::channel::<()>();
        scope.spawn(move || tell(progress, news, &ended));
        let mut glimpse = |glimpse: &Glimpse<'_>| drop(news.send(News::Glimpse { view: Box::new(glimpse.view()) }));
        let scan = investigation.run_watched(progress, Some(&mut glimpse));
        drop(reading);
        scan
    })
}

/// One core is left to the page.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))
}

/// Tells how far the reading is, ten times a second, until it ends.
fn tell(progress: &Progress, news: &Channel<News>, ended: &mpsc::Receiver<()>) {
    while ended.recv_timeout(Duration::from_millis(100)) == Err(mpsc::RecvTimeoutError::Timeout) {
        // A page that is gone wants no news.
        let _ = news.send(News::Progress { bytes: progress.bytes(), total: progress.total() });
    }
}

/// Stops a job; what it read until then is shown.
#[tauri::command]
pub fn cancel(job: u32, table: State<'_, Table>) {
    table.cancel(job);
}

/// Looks at the case with other assumptions; nothing is read again.
#[tauri::command(async)]
pub fn assume(assumed: Assumed, table: State<'_, Table>) -> Answer<CaseView> {
    let mut scan = table.scan();
    let scan = scan.as_mut().ok_or_else(nothing_read)?;
    scan.assume(&assumed.into())?;
    Ok(scan.view())
}

/// Asks DNS for the addresses of the server's own names: only when the user asks for it.
#[tauri::command(async)]
pub fn look_up(table: State<'_, Table>) -> Answer<CaseView> {
    let mut scan = table.scan();
    let scan = scan.as_mut().ok_or_else(nothing_read)?;
    scan.look_up(&CheckQuery::default())?;
    Ok(scan.view())
}

/// The letter with these facts.
#[tauri::command(async)]
pub fn letter(facts: FactsView, table: State<'_, Table>) -> Answer<LetterView> {
    let scan = table.scan();
    Ok(scan.as_ref().ok_or_else(nothing_read)?.letter(&facts, table.checked().as_ref())?)
}

/// How the sender is checked.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct How {
    /// A mail that was sent.
    mail: Option<PathBuf>,
    /// Whether the sending addresses are the user's own and static.
    own: bool,
    /// The name server to ask; empty for the system's.
    nameserver: String,
    /// Whether it is mail to many: `yes`, `no`, or empty where the log decides.
    bulk: String,
    /// Whether blocklists are looked at.
    lists: bool,
    /// The lists whose terms hold for the user, so that they are asked.
    agreed: Vec<String>,
    /// The user's own key for Spamhaus; it is kept nowhere.
    spamhaus_key: String,
}

impl How {
    /// The blocklists that are looked at.
    fn lists(&self) -> Answer<Vec<desk::List>> {
        if !self.lists {
            return Ok(Vec::new());
        }
        Ok(desk::lists(&desk::Wanted::new(&self.spamhaus_key, self.agreed.clone())?)?)
    }
}

/// Asks DNS about the sender, who may be shown by a mail that was sent: only when the user asks for it.
#[tauri::command]
pub async fn check(facts: FactsView, how: How, table: State<'_, Table>) -> Answer<CheckView> {
    let lists = how.lists()?;
    let How { mail, own, nameserver, bulk, .. } = how;
    let found = {
        let scan = table.scan();
        let scan = scan.as_ref().ok_or_else(nothing_read)?;
        let found = scan.sender(&scan.facts(&facts));
        let bulk = matches!(bulk.as_str(), "yes" | "no").then(|| bulk == "yes");
        desk::Sender { own: if own { found.ips.clone() } else { Vec::new() }, bulk, lists, ..found }
    };
    let checked = tauri::async_runtime::spawn_blocking(move || {
        let sender = mail.as_deref().map_or_else(|| Ok(found.clone()), |path| desk::of_file(path).map(|mail| desk::with_mail(found.clone(), mail)))?;
        let nameserver = Some(nameserver.trim().to_owned()).filter(|server| !server.is_empty());
        desk::check(&CheckQuery { sender, nameserver, ..CheckQuery::default() })
    });
    let checked = checked.await??;
    let view = checked.view();
    *table.checked() = Some(checked);
    Ok(view)
}

/// Asks DNS again for what one answer rests on.
#[tauri::command]
pub async fn check_again(id: String, subject: String, table: State<'_, Table>) -> Answer<CheckView> {
    let mut checked = table.checked().take().ok_or_else(nothing_read)?;
    let (checked, result) = tauri::async_runtime::spawn_blocking(move || {
        let result = checked.again(&id, &subject);
        (checked, result)
    })
    .await?;
    let view = checked.view();
    *table.checked() = Some(checked);
    result?;
    Ok(view)
}

/// The blocklists that may be looked at, with their terms.
#[tauri::command]
pub fn blocklists() -> Answer<Vec<Blocklist>> {
    Ok(desk::blocklists()?)
}

/// What only the sender can say, as questions.
#[tauri::command]
pub fn declarations() -> Answer<Vec<Declaration>> {
    Ok(desk::declarations(&desk::Facts::default())?)
}

/// How to get the evidence out of the places where it lies.
#[tauri::command]
pub fn cards() -> Answer<Vec<Card>> {
    Ok(desk::cards()?)
}

/// A page of the attempts behind a number.
#[tauri::command(async)]
pub fn lines(choice: Choice, from: usize, table: State<'_, Table>) -> Answer<LinesView> {
    const MOST: usize = 100;
    let scan = table.scan();
    Ok(scan.as_ref().ok_or_else(nothing_read)?.lines(&choice, from, MOST)?)
}

/// The line of an attempt, with the lines of the same message near it.
#[tauri::command(async)]
pub fn line(attempt: usize, choice: Choice, table: State<'_, Table>) -> Answer<LineView> {
    let scan = table.scan();
    Ok(scan.as_ref().ok_or_else(nothing_read)?.line(attempt, &choice)?)
}
