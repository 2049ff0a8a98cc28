//! An investigation: what was asked, what was read, what it means.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use diagnosis::{Clock, Diagnosis, Ledger, Options, Wanted, diagnose};
use providers::Knowledge;
use scan::{Input, Progress, ScanOptions, Seek, Unopened};
use smtp::strip_angles;
use tempfile::TempDir;
use ticket::Redactor;

use crate::again::Again;
use crate::{Error, rules};

/// What the user asks.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Files and folders; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// Text that was pasted, each with a name.
    pub texts: Vec<(String, String)>,
    /// Whether reading lets everything else on the machine go first.
    pub patient: bool,
    /// Whose refusals: a provider's word, or `all`.
    pub provider: String,
    /// The zone of stamps that have none.
    pub tz: Option<String>,
    /// The newest possible year.
    pub until_year: Option<i32>,
    /// The earliest time.
    pub since: Option<String>,
    /// The latest time.
    pub until: Option<String>,
    /// How many threads read.
    pub threads: Option<usize>,
    /// How large a part is, in bytes; for tests.
    pub part: Option<u64>,
    /// A folder with the user's own rules.
    pub rules: Option<PathBuf>,
    /// Sending addresses that the user knows.
    pub sending_ips: Vec<IpAddr>,
    /// Whether the user saw an outage on the provider's status page.
    pub outage_confirmed: bool,
    /// A family that overrules recognition.
    pub format: Option<String>,
    /// Only the story of a message: its queue id or its Message-ID.
    pub message: Option<String>,
}

/// What the user may correct without anything being read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumptions {
    /// The zone of stamps that have none; nothing is this machine's.
    pub tz: Option<String>,
    /// The newest possible year; nothing is worked out.
    pub until_year: Option<i32>,
    /// Sending addresses that the user knows.
    pub sending_ips: Vec<IpAddr>,
    /// Whether the user saw an outage on the provider's status page.
    pub outage_confirmed: bool,
}

/// What was asked and is known before reading.
pub struct Investigation {
    query: Query,
    knowledge: Knowledge,
    options: Options,
    /// What was wrong with the user's own rules.
    pub rule_problems: Vec<Error>,
}

/// What was read, and what it means.
pub struct Scan {
    /// What is known of providers.
    pub knowledge: Knowledge,
    /// What was read.
    pub ledger: Ledger,
    /// What it means.
    pub diagnosis: Diagnosis,
    /// What was asked.
    pub options: Options,
    /// What the sources are, in the order of the ledger's.
    pub inputs: Vec<Input>,
    /// Paths that could not be opened.
    pub unopened: Vec<Unopened>,
    /// How long reading took, in seconds.
    pub seconds: f64,
    /// Where members of archives lie, for as long as their lines may be asked for.
    _members: Option<TempDir>,
    /// What hides recipients, made once: its key is worked out of every attempt.
    pub(crate) redactor: OnceLock<Redactor>,
    /// Whether it is mail to many, worked out once: a letter that is being typed asks for it again and again.
    pub(crate) bulk: OnceLock<bool>,
    /// The last second reading.
    pub(crate) again: Mutex<Option<Again>>,
}

impl Investigation {
    /// Checks what the user asks before anything is read.
    pub fn new(query: Query) -> Result<Investigation, Error> {
        let (knowledge, rule_problems) = rules::knowledge(query.rules.as_deref())?;
        check_format(query.format.as_deref())?;
        let provider = match query.provider.as_str() {
            "all" => None,
            name => Some(knowledge.provider_named(name).ok_or_else(|| unknown_provider(name, &knowledge))?),
        };
        let options = Options {
            provider,
            clock: clock(query.tz.as_deref(), query.until_year)?,
            since: query.since.as_deref().map(|text| point(text, false)).transpose()?,
            until: query.until.as_deref().map(|text| point(text, true)).transpose()?,
            sending_ips: query.sending_ips.clone(),
            outage_confirmed: query.outage_confirmed,
        };
        Ok(Investigation { query, knowledge, options, rule_problems })
    }

    /// Reads everything.
    pub fn run(self, progress: &Progress) -> Scan {
        self.run_watched(progress, None)
    }

    /// Reads everything, and shows now and then what was found so far.
    pub fn run_watched(self, progress: &Progress, watch: Option<&mut dyn FnMut(&Glimpse<'_>)>) -> Scan {
        let begun = Instant::now();
        let (stdin, paths): (Vec<PathBuf>, Vec<PathBuf>) = self.query.paths.iter().cloned().partition(|path| path.as_os_str() == "-");
        let (found, unopened) = scan::find(&paths);
        let unpacked = scan::unpack(found, progress);
        let mut inputs = unpacked.inputs;
        inputs.extend(stdin.first().map(|_| Input::Stdin));
        inputs.extend(self.query.texts.iter().map(|(name, text)| Input::Text(name.clone(), text.clone().into_bytes())));
        let threads = self.query.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |cores| cores.get()));
        let wanted = match (&self.query.message, self.options.provider) {
            (Some(message), _) => Wanted::Message(strip_angles(message.trim().as_bytes())),
            (None, provider) => provider.map_or(Wanted::All, Wanted::One),
        };
        let mut options = ScanOptions::new(wanted, threads);
        options.part = self.query.part.unwrap_or(options.part).max(1);
        options.patient = self.query.patient;
        options.family = self.query.format.as_deref().and_then(family);
        let ledger = match watch {
            None if self.query.message.is_some() => self.story(&inputs, options, progress),
            None => scan::read(&inputs, &self.knowledge, &options, progress),
            Some(watch) => {
                let mut look =
                    |ledger: &Ledger| watch(&Glimpse { ledger, knowledge: &self.knowledge, diagnosis: diagnose(ledger, &self.knowledge, &self.options) });
                scan::read_watched(&inputs, &self.knowledge, &options, progress, Some(&mut look))
            }
        };
        let diagnosis = diagnose(&ledger, &self.knowledge, &self.options);
        let (knowledge, options) = (self.knowledge, self.options);
        Scan {
            knowledge,
            ledger,
            diagnosis,
            options,
            inputs,
            unopened,
            seconds: begun.elapsed().as_secs_f64(),
            redactor: OnceLock::new(),
            bulk: OnceLock::new(),
            again: Mutex::default(),
            _members: unpacked.folder,
        }
    }
}

impl Investigation {
    /// Reads the lines of one message only: those that hold what it is called, and where that is a Message-ID, those that
    /// hold the queue ids that were given to it.
    fn story(&self, inputs: &[Input], options: ScanOptions<'_>, progress: &Progress) -> Ledger {
        let Wanted::Message(name) = options.wanted else { return Ledger::default() };
        // Standard input cannot be read a second time.
        if inputs.contains(&Input::Stdin) {
            return scan::read(inputs, &self.knowledge, &options, progress);
        }
        let read = |seek: &Seek| scan::read(inputs, &self.knowledge, &ScanOptions { seek: Some(seek), ..options }, progress);
        let ledger = read(&Seek::new([name]));
        if ledger.queue_ids.is_empty() {
            return ledger;
        }
        let ids = ledger.queue_ids.iter().map(Vec::as_slice);
        read(&Seek::new(ids.chain([name])))
    }
}

/// What is known while reading still goes on.
pub struct Glimpse<'a> {
    /// What was read so far.
    pub ledger: &'a Ledger,
    /// What is known of providers.
    pub knowledge: &'a Knowledge,
    /// What it means so far.
    pub diagnosis: Diagnosis,
}

impl Scan {
    /// Looks at what was read with other assumptions; nothing is read again. On an error all stays as it was.
    pub fn assume(&mut self, assumptions: &Assumptions) -> Result<(), Error> {
        self.options.clock = clock(assumptions.tz.as_deref(), assumptions.until_year)?;
        self.options.sending_ips.clone_from(&assumptions.sending_ips);
        self.options.outage_confirmed = assumptions.outage_confirmed;
        self.diagnose();
        self.again = Mutex::default();
        Ok(())
    }

    /// Looks at what was read anew.
    pub(crate) fn diagnose(&mut self) {
        self.bulk = OnceLock::new();
        self.diagnosis = diagnose(&self.ledger, &self.knowledge, &self.options);
    }
}

/// The day, in UTC.
pub fn today() -> String {
    ticket::date(now())
}

/// Now, as RFC 3339.
pub(crate) fn timestamp() -> String {
    DateTime::from_timestamp(now(), 0).map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}

/// Now, in seconds since 1970; `SOURCE_DATE_EPOCH` sets it, for documents that must come out the same again.
pub(crate) fn now() -> i64 {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|time| time.parse().ok());
    set.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64))
}

fn clock(tz: Option<&str>, until_year: Option<i32>) -> Result<Clock, Error> {
    let zone = match tz {
        Some(name) => name.parse::<Tz>().map_err(|_| Error::new("zone", format!("`{name}` is no time zone"), "--tz", "write it as Europe/Stockholm or UTC"))?,
        None => iana_time_zone::get_timezone().ok().and_then(|name| name.parse().ok()).unwrap_or(Tz::UTC),
    };
    Ok(Clock { zone, zone_given: tz.is_some(), until_year, now: now() })
}

/// A point in time: RFC 3339, or a date, which as an end means its last second.
fn point(text: &str, end: bool) -> Result<i64, Error> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.timestamp());
    }
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|date| if end { date.and_hms_opt(23, 59, 59) } else { date.and_hms_opt(0, 0, 0) });
    date.map(|date| date.and_utc().timestamp())
        .ok_or_else(|| Error::new("time", format!("`{text}` is no time"), "", "write 2026-10-03 or 2026-10-03T09:14:07Z"))
}

fn unknown_provider(name: &str, knowledge: &Knowledge) -> Error {
    let names: Vec<&str> = knowledge.providers().map(|(_, provider)| provider.id.as_str()).collect();
    Error::new("provider", format!("no provider is called `{name}`"), "--provider", format!("choose {} or all", names.join(", ")))
}

/// The place of a family by its name.
fn family(name: &str) -> Option<usize> {
    evidence::family::FAMILIES.iter().position(|family| family.name == name)
}

fn check_format(name: Option<&str>) -> Result<(), Error> {
    match name {
        Some(name) if family(name).is_none() => Err(Error::new("format", format!("no format is called `{name}`"), "--format", "`reprieve formats` lists them")),
        _ => Ok(()),
    }
}
